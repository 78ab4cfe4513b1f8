using System.Collections.Concurrent;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.PostgreSql.Tests.Trees;
using SpendGuard.Pricing;
using SpendGuard.StressChild;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Sharing;

/// <summary>A provider and its bill on one side, a database on the other, and the promise that has to hold between them.</summary>
internal sealed class FleetSite : IAsyncDisposable
{
    private readonly string _connectionString;
    private readonly PostgresBudgetStore _store;
    private readonly SpendGuardEngine _engine;
    private readonly LedgerTrail _trail = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<int, string> _runs = new();
    private readonly ConcurrentQueue<string> _unpaid = [];

    private FleetSite(SimulatedProvider provider, string connectionString, PostgresBudgetStore store)
    {
        _connectionString = connectionString;
        Provider = provider;
        _store = store;
        _engine = new SpendGuardEngine(store, new Prices(StressModel.Prices()));
        provider.OnArrival = OnArrivalAsync;
    }

    /// <summary>What a caller was told of a call.</summary>
    internal sealed record Answer(string Outcome, string Run, long? Charged);

    public SimulatedProvider Provider { get; }

    public static async Task<FleetSite> PrepareAsync(string connectionString, int seed)
    {
        var provider = await SimulatedProvider.StartAsync(new SimulatedProviderOptions
        {
            ExtraPrices = [new ProviderPrice(StressModel.Name, StressModel.Input, StressModel.Output)],
        });
        provider.ForRequest = request => Mood(new Random(RunOf(request).Aggregate(seed, (hash, letter) => unchecked((hash * 31) + letter))));
        return new FleetSite(provider, connectionString, await PostgresBudgetStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = connectionString, Timeout = TestDatabase.Patience }));
    }

    public async Task FillAsync(Money amount, IEnumerable<string> agents)
    {
        foreach (var agent in agents)
        {
            await _engine.SetBudgetAsync(agent, amount);
        }

        // Half of them are under groups, whose limits are less than their budgets together.
        await LimitedTree.MakeAsync(_store, Money.FromMicrocents(amount.Microcents * 3), agents.Where((_, place) => place % 2 == 0));
    }

    /// <summary>Forfeits what nobody is going to end any more, and lays the ledger beside the provider's bill and what callers were told.</summary>
    /// <returns>How many holds were forfeited.</returns>
    public async Task<int> SettleUpAsync(IReadOnlyList<Answer> answers, IEnumerable<string> agents)
    {
        await Provider.WhenIdleAsync();

        // As it will be when every hold has expired.
        await TestDatabase.ExecuteAsync(_connectionString, "UPDATE spendguard.reservations SET expires_at = 0 WHERE ended IS NULL");
        var forfeited = await _engine.ForfeitExpiredAsync();
        await FollowAsync();

        // Whatever arrived was held for, before; and every hold has ended, once (the trail checks that).
        Assert.Empty(_unpaid);
        Assert.All(_trail.Fates, fate => Assert.NotNull(fate.End));
        Assert.Empty(await _store.FindInFlightAsync(expiredAt: null, agent: null, int.MaxValue, default));

        // Each at what the provider billed, or, where nobody could tell, at the whole of it.
        foreach (var call in Provider.Calls.Where(call => !call.Counts))
        {
            var fate = _trail.Find(_runs[call.Id])!;
            Assert.Equal(call.Caller, fate.Agent.Value);
            Assert.True(call.ChargeMicrocents <= fate.Held.Microcents, $"{call} was held {fate.Held} for.");
            var end = (fate.Correction ?? fate.End)!;
            var booked = end.Kind == LedgerEntryKind.Forfeited ? fate.Held.Microcents : call.ChargeMicrocents;
            Assert.True(booked == fate.Booked.Microcents, $"{call} is booked at {fate.Booked} as {end.Kind}.");
        }

        // Nothing that a caller was told is lost.
        foreach (var answer in answers.Where(answer => answer.Charged is not null))
        {
            Assert.Equal((answer.Run, answer.Charged), (answer.Run, _trail.Find(answer.Run)?.Booked.Microcents));
        }

        foreach (var agent in agents)
        {
            var budget = await _store.BudgetAsync(agent);
            Assert.InRange(Provider.Bill.TotalFor(agent), 0, budget.Spent.Microcents);
            Assert.InRange(budget.Spent.Microcents, 0, budget.Granted.Microcents);
            Assert.Equal((Money.Zero, 0), (budget.Held, budget.InFlight));
        }

        await AccountTable.AssertBalancedAsync(_store, _connectionString, "default");
        return forfeited;
    }

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        await _engine.DisposeAsync();
        _turn.Dispose();
    }

    /// <summary>Answers, soon or late, in few words or in all that the cap allows; refuses, fails or breaks off now and then.</summary>
    private static Behaviour Mood(Random random) => random.Next(100) switch
    {
        < 2 => new Behaviour { FailWithStatus = 429 },
        < 4 => new Behaviour { FailWithStatus = 500, BillFailures = random.Next(2) == 0 },
        < 6 => new Behaviour { CutBeforeHeaders = true, BillCutCalls = random.Next(2) == 0 },
        < 7 => new Behaviour { OmitUsage = true },
        < 40 => new Behaviour { OutputTokens = random.Next(1, 500), Delay = TimeSpan.FromMilliseconds(random.Next(40)) },
        < 60 => new Behaviour { GenerateToTheCap = true },
        _ => Behaviour.Honest,
    };

    /// <summary>The run of a call: the library names it in a header of its own, which a sidecar does not hand on.</summary>
    private static string RunOf(SimulatedRequest request) =>
        request.Headers.TryGetValue("x-run", out var run) ? run : request.Headers["x-client-request-id"];

    private async Task OnArrivalAsync(SimulatedRequest request)
    {
        var run = RunOf(request);
        _runs[request.CallId] = run;
        await FollowAsync();
        if (_trail.Find(run) is null)
        {
            _unpaid.Enqueue(run);
        }
    }

    private async Task FollowAsync()
    {
        await _turn.WaitAsync();
        try
        {
            _trail.Follow(await _store.ReadLedgerAsync(_trail.LastSequence, agent: null, int.MaxValue, default));
        }
        finally
        {
            _turn.Release();
        }
    }
}
