using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.StressChild;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Stores;
using SpendGuard.Tests.Storage;

namespace SpendGuard.Tests.Faults;

/// <summary>A provider and its bill on one side, a file with budgets on the other, and the promise that has to hold between them.</summary>
internal sealed class CrashSite : IAsyncDisposable
{
    /// <summary>The agent whose calls the provider bills above their cap.</summary>
    public const string UnrulyAgent = "unruly";

    /// <summary>Enough for any number of processes on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<int, string> _runs = new();
    private readonly ConcurrentQueue<Exception> _unpaid = [];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly LedgerTrail _trail = new(UnrulyAgent);
    private SqliteBudgetStore? _store;
    private SpendGuardEngine? _engine;
    private int _arrivals;

    private CrashSite(SimulatedProvider provider)
    {
        Provider = provider;
        provider.OnArrival = OnArrivalAsync;
    }

    public SimulatedProvider Provider { get; }

    /// <summary>Where the budgets are.</summary>
    public string File => _folder.File();

    public IReadOnlyCollection<LedgerTrail.Fate> Fates => _trail.Fates;

    /// <summary>Called for each call that has arrived, with how many there have been.</summary>
    public Action<int>? OnArrival { get; set; }

    public static async Task<CrashSite> PrepareAsync(Func<string, Behaviour> behaviour)
    {
        var provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions { ExtraPrices = [Moods.Price] });
        provider.ForRequest = request =>
            string.Equals(request.Caller, UnrulyAgent, StringComparison.Ordinal) ? Moods.Unruly : behaviour(request.Headers["x-run"]);
        var site = new CrashSite(provider);
        await site.OpenAsync();
        return site;
    }

    /// <summary>Brings what remains of each budget up to an amount.</summary>
    public async Task FillAsync(Money amount, params IEnumerable<string> agents)
    {
        foreach (var agent in agents)
        {
            await _engine!.SetBudgetAsync(agent, amount, topUp: Money.FromDollars(1_000));
        }

        // Some of them are under groups with limits of their own, which they share.
        await LimitedTree.MakeAsync(_store!, Money.FromDollars(1_000_000), agents.Where((_, place) => place % 2 == 0));
    }

    /// <summary>Counts arrivals from zero.</summary>
    public void CountAnew() => Volatile.Write(ref _arrivals, 0);

    /// <summary>Closes the file here; calls that arrive meanwhile wait until it is open again.</summary>
    public async Task CloseAsync()
    {
        await _gate.WaitAsync();
        await _engine!.DisposeAsync();
        _engine = null;
    }

    /// <summary>Opens the file, if it is closed, as a process would that starts after every hold has expired.</summary>
    public async Task OpenAsync()
    {
        if (_engine is not null)
        {
            return;
        }

        _store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = File, BusyTimeout = Patience });
        var later = new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(10));
        _engine = new SpendGuardEngine(_store, new Prices(StressModel.Prices()), time: later);
        if (_gate.CurrentCount == 0)
        {
            _gate.Release();
        }
    }

    /// <summary>Forfeits what nobody is going to end any more, and lays the ledger beside the provider's bill.</summary>
    /// <returns>How many holds were forfeited.</returns>
    public async Task<int> SettleUpAsync(IReadOnlyList<CallingProcess.Line> answers)
    {
        await Provider.WhenIdleAsync();
        var forfeited = await _engine!.ForfeitExpiredAsync();
        await FollowAsync();

        // 1. Whatever arrived was held for, before.
        Assert.Empty(_unpaid);

        // 3. Each hold has ended, once (the trail checks that), at what the provider billed or at the whole of it.
        Assert.Empty(await _store!.FindInFlightAsync(expiredAt: null, agent: null, int.MaxValue, default));
        Assert.All(_trail.Fates, fate => Assert.NotNull(fate.End));
        var calls = Provider.Calls.Where(call => _runs.ContainsKey(call.Id)).ToList();
        Assert.Equal(calls.Count, calls.Select(call => _runs[call.Id]).Distinct(StringComparer.Ordinal).Count());
        foreach (var call in calls)
        {
            AssertAccountedFor(call, _trail.Find(_runs[call.Id]));
        }

        foreach (var answer in answers.Where(answer => answer.Charged is not null))
        {
            var fate = _trail.Find(answer.Run);
            Assert.Equal((answer.Outcome, answer.Charged), ($"{fate?.End?.Kind}".ToLowerInvariant(), fate?.Booked.Microcents));
        }

        // 2. and 4. The balances are the store's own, and but for the unruly provider's no bill exceeds what was granted.
        foreach (var (agent, balance) in _trail.Balances)
        {
            var budget = await _store.FindBudgetAsync(agent, default);
            Assert.Equal((balance.Spent, Money.Zero, balance.Granted), (budget!.Spent, budget.Held, budget.Granted));
            Assert.True(agent.Value is UnrulyAgent || balance.Spent <= balance.Granted);
            Assert.True(agent.Value is UnrulyAgent || Provider.Bill.TotalFor(agent.Value) <= balance.Spent.Microcents);
        }

        return forfeited;
    }

    /// <summary>The whole ledger once more, with the audit that every store has to pass.</summary>
    public Task AuditAsync() => AccountTable.AssertBalancedAsync(_store!, File);

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        _gate.Dispose();
        _folder.Dispose();
    }

    private static void AssertAccountedFor(ProviderCall call, LedgerTrail.Fate? fate)
    {
        Assert.NotNull(fate?.End);
        Assert.Equal(call.Caller, fate.Agent.Value);

        // What the call could come to by the provider's own count of its input, and by the cap that it was sent.
        var worst = (call.InputTokens * StressModel.Input) + (call.MaxOutputTokens!.Value * StressModel.Output);
        Assert.True(worst <= fate.Held.Microcents || call.Caller is UnrulyAgent, $"{call} was held {fate.Held} for.");
        Assert.True(call.ChargeMicrocents <= fate.Held.Microcents || call.Caller is UnrulyAgent, $"{call} was held {fate.Held} for.");
        var booked = fate.End.Kind switch
        {
            LedgerEntryKind.Settled => call.ChargeMicrocents,
            LedgerEntryKind.Released => 0,
            _ => fate.Held.Microcents,
        };
        Assert.True(booked == fate.Booked.Microcents, $"{call} is booked at {fate.Booked} as {fate.End.Kind}.");
        Assert.True(fate.End.Kind != LedgerEntryKind.Released || !call.Billed, $"{call} is billed, and was released.");
    }

    private async Task OnArrivalAsync(SimulatedRequest request)
    {
        var run = request.Headers["x-run"];
        _runs[request.CallId] = run;
        OnArrival?.Invoke(Interlocked.Increment(ref _arrivals));
        await _gate.WaitAsync();
        try
        {
            await FollowAlreadyInsideAsync();
            Assert.True(_trail.Find(run) is not null, $"Call {run} arrived, and nothing was held for it.");
        }
        catch (Exception exception)
        {
            _unpaid.Enqueue(exception);
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task FollowAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await FollowAlreadyInsideAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task FollowAlreadyInsideAsync()
    {
        var entries = await _store!.ReadLedgerAsync(_trail.LastSequence, agent: null, int.MaxValue, default);
        _trail.Follow(entries);
    }
}
