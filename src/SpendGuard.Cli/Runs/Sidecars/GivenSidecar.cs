using System.Runtime.CompilerServices;
using SpendGuard.Budgets;
using SpendGuard.Cli.Budgets;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Runs.Sidecars;

/// <summary>A sidecar that runs already. The run's program has a key of its agent's there, which is revoked at the end.</summary>
internal sealed class GivenSidecar : IRunSidecar
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CloseAtMost = TimeSpan.FromMinutes(5);

    private readonly SidecarClient _client;
    private readonly ReadyView _ready;
    private readonly TimeProvider _time;
    private (AgentId Agent, string Id)? _key;
    private ITimer? _looks;

    private GivenSidecar(SidecarClient client, ReadyView ready, TimeProvider time) => (_client, _ready, _time) = (client, ready, time);

    /// <summary>When calls end is not known here: told from time to time.</summary>
    public Action? Changed { get; set; }

    public string Origin => _client.Address;

    public IReadOnlyList<string> Notices => [];

    public IReadOnlyList<string> NotReady => _ready.Reasons ?? [];

    public IReadOnlyList<KeyValuePair<string, string>> MissingKeys => KeysThatAre("missing");

    public IReadOnlyList<KeyValuePair<string, string>> Keys => KeysThatAre("set");

    public int? Refused => null;

    public int? Locked => null;

    /// <exception cref="CommandFailedException">It does not answer.</exception>
    public static async Task<GivenSidecar> ConnectAsync(Uri address, string? apiKey, TimeProvider time, CancellationToken stop)
    {
        var client = new SidecarClient(address, apiKey);
        try
        {
            return new GivenSidecar(client, (await client.ReadyAsync(stop)).Body, time);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public async ValueTask<RunBudget?> FindBudgetAsync(AgentId agent, CancellationToken stop) =>
        await TryFindAsync(agent, stop) is { } found ? BudgetOf(found.Body) : null;

    public async Task<AgentId?> FindAgentAsync(string said, CancellationToken stop)
    {
        try
        {
            var found = (await _client.FindAgentAsync(said, stop)).Body;
            return found.AgentId == said || found.Name == said ? new AgentId(found.AgentId) : (AgentId?)null;
        }
        catch (HttpFailureException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    public async Task CreateAgentAsync(AgentId agent, CancellationToken stop)
    {
        try
        {
            await _client.CreateAgentAsync(new AgentChange(Name: null, agent.Value), idempotencyKey: null, stop);
        }
        catch (HttpFailureException failure) when (failure.Status == 409)
        {
            // It is there already; one that was deleted is not, and that is said here.
            await _client.FindAgentAsync(agent.Value, stop);
        }
    }

    public async Task<RunBudget?> SetBudgetAsync(AgentId agent, Money limit, Money topUp, string idempotencyKey, CancellationToken stop)
    {
        var change = BudgetChange.Of(limit, topUp) with
        {
            MaxInFlight = SideBySide.MaxInFlight,
            MaxCallSharePercent = SideBySide.MaxCallShare,
        };
        try
        {
            return BudgetOf((await _client.SetBudgetAsync(agent.Value, change, idempotencyKey, stop)).Body);
        }
        catch (HttpFailureException failure) when (failure.Status == 409)
        {
            return null;
        }
    }

    public IAsyncEnumerable<(DateTimeOffset At, Money Limit)> ReadLimitsAsync(AgentId agent, CancellationToken stop) =>
        ReadAllAsync(agent, 0, stop).Where(static entry => entry.Kind == LedgerEntryKind.BudgetSet).Select(static entry => (entry.At, entry.HardLimit));

    public async Task<string> OpenAsync(AgentId agent, RunId run, CancellationToken stop)
    {
        var made = (await _client.CreateKeyAsync(agent.Value, run.Value, stop)).Body;
        _key = (agent, made.KeyId);
        _looks = _time.CreateTimer(_ => Changed?.Invoke(), state: null, Pause, Pause);
        return made.ApiKey ?? throw new CommandFailedException($"The sidecar at {Origin} made a key and did not show it.");
    }

    public Task<long> FindLastEntryAsync(AgentId agent, CancellationToken stop) => LastEntry.FindAsync(
        async after => (await _client.ReadLedgerAsync(agent.Value, after, limit: 1, stop)).Body.Entries is [var first, ..] ? first.Sequence : null);

    /// <summary>Takes the key back, and waits for the calls that the program has left behind.</summary>
    public async Task CloseAsync(CancellationToken impatient)
    {
        if (_key is not { } key)
        {
            return;
        }

        await RevokeAsync();
        var since = _time.GetTimestamp();
        while (_time.GetElapsedTime(since) < CloseAtMost && !impatient.IsCancellationRequested
            && await FindBudgetAsync(key.Agent, CancellationToken.None) is { InFlight: > 0 })
        {
            await Task.Delay(Pause, _time, impatient).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>All calls of the agent since: the sidecar does not know which of them were this run's.</summary>
    public IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(AgentId agent, RunId run, long after, CancellationToken stop) => ReadAllAsync(agent, after, stop);

    /// <summary>Of a run that came to no end, takes the key back all the same.</summary>
    public async ValueTask DisposeAsync()
    {
        await RevokeAsync();
        _client.Dispose();
    }

    private async Task RevokeAsync()
    {
        _looks?.Dispose();
        if (_key is { } key)
        {
            _key = null;
            await _client.RevokeKeyAsync(key.Agent.Value, key.Id, CancellationToken.None);
        }
    }

    /// <summary>An agent that is not there yet has none.</summary>
    private async Task<Answer<BudgetView>?> TryFindAsync(AgentId agent, CancellationToken stop)
    {
        try
        {
            return await _client.TryFindBudgetAsync(agent.Value, stop);
        }
        catch (HttpFailureException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    private static RunBudget BudgetOf(BudgetView view)
    {
        var spent = Money.FromMicrocents(view.SpentMicrocents ?? 0);
        return new RunBudget(
            view.HardLimit, spent + view.Remaining, spent, Money.FromMicrocents(view.HeldMicrocents ?? 0), view.InFlight ?? 0) { Batches = view.Batches ?? 0 };
    }

    private async IAsyncEnumerable<LedgerEntry> ReadAllAsync(AgentId agent, long after, [EnumeratorCancellation] CancellationToken stop)
    {
        LedgerPageView page;
        do
        {
            page = (await _client.ReadLedgerAsync(agent.Value, after, PageSize, stop)).Body;
            foreach (var entry in page.Entries)
            {
                yield return RemoteEntry.Of(entry);
            }

            after = page.NextAfter;
        }
        while (page.HasMore);
    }

    private List<KeyValuePair<string, string>> KeysThatAre(string state) =>
    [
        .. (_ready.Providers ?? []).Where(provider => provider.Key == state)
            .Select(static provider => KeyValuePair.Create(provider.Name, provider.KeyVariable ?? "")),
    ];
}
