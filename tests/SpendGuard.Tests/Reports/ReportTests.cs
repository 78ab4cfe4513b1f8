using Microsoft.Extensions.Time.Testing;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Reports;

/// <summary>What the engine tells of who spent what: names, groups, the total, tokens as they were billed, and calls that were refused.</summary>
public sealed class ReportTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly CountingStore _store = new(new InMemoryBudgetStore());
    private readonly SpendGuardEngine _engine;

    public ReportTests() =>
        _engine = new SpendGuardEngine(_store, new Prices(PriceBook.LoadBundled()), new SpendGuardOptions { LockedWait = TimeSpan.Zero }, _time);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task ByGroup_SumsTheAgentsThatAreInItNow_AndTheTotalIsAll()
    {
        await _engine.CreateGroupAsync("team", "Team");
        await _engine.CreateAgentAsync("first", "a", "team");
        await _engine.CreateAgentAsync("second", "b", "team");
        foreach (var agent in new[] { "a", "b", "c" })
        {
            await _engine.SetBudgetAsync(agent, Money.FromDollars(5));
            await CallAsync(agent, new Usage { Input = 10, CachedInput = 20, Output = 30 });
        }

        var report = await _engine.ReportAsync(new ReportQuery { By = ReportBy.Group });

        Assert.Equal([("team", "Team", 2L), (null, null, 1L)], report.Rows.Select(row => (row.Group?.Value, row.Name, row.Calls)));
        Assert.Equal(3, report.Total.Calls);
        Assert.Equal(new TokenCounts(30, 60, 0, 90, 0), report.Total.Tokens);
        Assert.Equal(report.Rows.Sum(row => row.Cost.Microcents), report.Total.Cost.Microcents);
        Assert.Equal(["first", "second", null], (await _engine.ReportAsync()).Rows.Select(row => row.Name).OrderBy(name => name ?? "z", StringComparer.Ordinal));
    }

    [Fact]
    public async Task Refused_CountsOnce_ByItsReason()
    {
        await _engine.SetBudgetAsync("a", Money.FromMicrocents(10));
        await Assert.ThrowsAsync<InsufficientBudgetException>(async () => await _engine.ReserveAsync(Call("a")));
        await Assert.ThrowsAsync<InsufficientBudgetException>(async () => await _engine.ReserveAsync(Call("a") with { IsTentative = true }));
        await Assert.ThrowsAsync<InsufficientBudgetException>(async () => await _engine.ReserveAsync(Call("a") with { IsDryRun = true }));
        await _engine.PauseAsync("a");
        await Assert.ThrowsAsync<NodePausedException>(async () => await _engine.ReserveAsync(Call("a")));
        await Assert.ThrowsAsync<NodePausedException>(async () => await _engine.ReserveAsync(Call("a")));

        var row = Assert.Single((await _engine.ReportAsync(new ReportQuery { By = ReportBy.Agent | ReportBy.Model })).Rows);

        Assert.Equal(("a", "openai:gpt-4o-mini", 0L, 3L), (row.Agent?.Value, row.Model, row.Calls, row.Refused));
        Assert.Equal("insufficient=1 paused=2", string.Join(' ', row.Refusals.Select(reason => $"{reason.Key}={reason.Value}")));
    }

    [Fact]
    public async Task Refused_InARunOfItsOwnEachTime_TakesNoRowForEach()
    {
        await _engine.SetBudgetAsync("a", Money.FromMicrocents(10));
        for (var call = 0; call < 1_100; call++)
        {
            await Assert.ThrowsAsync<InsufficientBudgetException>(async () => await _engine.ReserveAsync(Call("a") with { Run = $"run {call}" }));
        }

        Assert.Equal(1_100, (await _engine.ReportAsync()).Total.Refused);
        var rows = await _store.ReadRefusalsAsync(default);
        Assert.Equal((1_001, 100L), (rows.Count, Assert.Single(rows, row => row.Run is null).Count));
    }

    [Fact]
    public async Task Refused_ByNobody_WhoWaitedAndWasServed()
    {
        await using var engine = new SpendGuardEngine(new InMemoryBudgetStore(), new Prices(PriceBook.LoadBundled()), new SpendGuardOptions(), _time);
        await engine.SetBudgetAsync("a", Money.FromDollars(5), maxInFlight: 2);
        var (first, second) = (await engine.ReserveAsync(Call("a")), await engine.ReserveAsync(Call("a")));
        var waits = engine.ReserveAsync(Call("a")).AsTask();
        await first.EndAsync(ProviderReport.NotBilled);
        await (await waits).EndAsync(ProviderReport.NotBilled);
        await second.EndAsync(ProviderReport.NotBilled);

        Assert.Equal((3L, 0L), ((await engine.ReportAsync()).Total.Calls, (await engine.ReportAsync()).Total.Refused));
    }

    [Fact]
    public async Task CountsThatCannotBeWritten_ChangeNoAnswer_AndAreWrittenLater()
    {
        await _engine.SetBudgetAsync("a", Money.FromMicrocents(10));
        _store.Fails = true;
        await Assert.ThrowsAsync<InsufficientBudgetException>(async () => await _engine.ReserveAsync(Call("a")));
        Assert.Equal(0, (await _engine.ReportAsync()).Total.Refused);

        _store.Fails = false;

        Assert.Equal(1, (await _engine.ReportAsync()).Total.Refused);
    }

    private async Task CallAsync(string agent, Usage usage)
    {
        await using var call = await _engine.ReserveAsync(Call(agent));
        await call.EndAsync(new ProviderReport { Usage = usage });
    }

    private static ModelCall Call(string agent) => new()
    {
        Agent = agent,
        Model = new ModelKey("openai", "gpt-4o-mini"),
        Shape = new CallShape { InputBound = 100, OutputTokens = 100 },
    };

    private sealed class CountingStore(IBudgetStore inner) : DelegatingBudgetStore(inner)
    {
        public bool Fails { get; set; }

        public override ValueTask CountRefusalsAsync(IReadOnlyList<RefusalCount> refusals, CancellationToken cancellationToken) =>
            Fails ? throw new StoreUnavailableException("It is away.") : base.CountRefusalsAsync(refusals, cancellationToken);
    }
}
