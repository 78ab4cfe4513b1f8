using Microsoft.Extensions.Time.Testing;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Calls;

/// <summary>A call is over when its answer is there, whether the store can book its end or not.</summary>
public sealed class PendingSettlementTests : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryBudgetStore _inner = new();
    private readonly DoubtfulStore _store;
    private readonly SpendGuardEngine _engine;

    public PendingSettlementTests()
    {
        _store = new DoubtfulStore(_inner);
        _engine = new SpendGuardEngine(_store, new Prices(PriceBook.LoadBundled()), time: _time);
    }

    public static TheoryData<string, Fate> Ends()
    {
        var ends = new TheoryData<string, Fate>();
        foreach (var end in Named.Keys)
        {
            ends.Add(end, Fate.Lost);
            ends.Add(end, Fate.AnswerLost);
            ends.Add(end, Fate.CommittedLate);
        }

        return ends;
    }

    private static Dictionary<string, (ReservationEnd End, Func<SpendGuardEngine, Task<Func<ValueTask<Settlement>>>> Begin)> Named { get; } = new(StringComparer.Ordinal)
    {
        ["settled"] = (ReservationEnd.Settled, engine => BeginAsync(engine, new ProviderReport { Usage = new Usage { Input = 100, Output = 10 } })),
        ["overrun"] = (ReservationEnd.Settled, engine => BeginAsync(engine, new ProviderReport { Usage = new Usage { Input = 100, Output = 9_000 } })),
        ["released"] = (ReservationEnd.Released, engine => BeginAsync(engine, ProviderReport.NotBilled)),
        ["forfeited"] = (ReservationEnd.Forfeited, engine => BeginAsync(engine, ProviderReport.Unknown("nobody told"))),
        ["tool settled"] = (ReservationEnd.Settled, async engine => (await ToolAsync(engine)).SettleAsync),
        ["tool released"] = (ReservationEnd.Released, async engine => (await ToolAsync(engine)).ReleaseAsync),
        ["tool forfeited"] = (ReservationEnd.Forfeited, async engine =>
        {
            var tool = await ToolAsync(engine);
            return () => tool.ForfeitAsync("it failed");
        }),
    };

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task StoreCannotCommit_SettlementIsPending_AndIsWhatTheLedgerHasAfter(string name, Fate fate)
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(1));
        var end = await Named[name].Begin(_engine);
        _store.OfCommand = _ => fate;

        var settlement = await end();

        Assert.True(settlement.IsPending);
        Assert.Null(settlement.Budget);
        Assert.Equal(Named[name].End, settlement.End);
        _store.OfCommand = _ => Fate.Answered;
        await AssertBookedAsync(settlement);
        await _store.CommitLateAsync();
        await AssertBookedAsync(settlement);
    }

    /// <summary>A server took over that lagged, or a backup was restored: the money is spent all the same.</summary>
    [Theory]
    [InlineData("settled")]
    [InlineData("overrun")]
    [InlineData("forfeited")]
    [InlineData("tool settled")]
    public async Task StoreHasForgottenTheHold_ChargeIsBooked(string name)
    {
        var forgetful = new Forgetful(_store);
        await using var engine = new SpendGuardEngine(forgetful, new Prices(PriceBook.LoadBundled()), time: _time);
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        var end = await Named[name].Begin(engine);
        forgetful.Forget(await AnewAsync());

        var settlement = await end();

        Assert.False(settlement.IsPending);
        Assert.Equal(settlement.Charged, (await forgetful.FindBudgetAsync("a", default))!.Spent);
        await Books.AssertBalancedAsync(forgetful);
    }

    /// <summary>Also where another call of the run has given it another limit in the store that has forgotten it.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(50)]
    public async Task StoreHasForgottenTheHold_OfARunWithALimit_ItsAccountIsCharged(int? other)
    {
        var forgetful = new Forgetful(_store);
        await using var engine = new SpendGuardEngine(forgetful, new Prices(PriceBook.LoadBundled()), time: _time);
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        var tool = new ToolCall { Agent = "a", Tool = "t", Price = Money.FromCents(3), Run = new RunId("run"), RunLimit = Money.FromCents(20) };
        await using var first = await engine.ReserveAsync(tool);
        await using var second = await engine.ReserveAsync(tool with { RunLimit = null });
        forgetful.Forget(await AnewAsync());
        if (other is { } cents)
        {
            await using var before = await engine.ReserveAsync(tool with { RunLimit = Money.FromCents(cents) });
            await before.ReleaseAsync();
        }

        await second.SettleAsync();
        await first.SettleAsync();

        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(
            () => engine.ReserveAsync(tool with { RunLimit = null, Price = Money.FromCents(49) }).AsTask());
        Assert.Equal(("run:run", Money.FromCents(6)), (refusal.Account?.Limit, refusal.Account?.Spent));
    }

    private static async Task<InMemoryBudgetStore> AnewAsync()
    {
        var store = new InMemoryBudgetStore();
        await store.ApplyAsync(new SetBudget("a", Money.FromDollars(1), Money.Zero, MaxInFlight: null, IdempotencyKey: null, DateTimeOffset.UnixEpoch), default);
        return store;
    }

    private async Task AssertBookedAsync(Settlement settlement)
    {
        await Eventually.HoldsAsync(async () => (await BudgetAsync()).InFlight == 0, () => _time.Advance(Tick));
        Assert.Equal((settlement.Charged, Money.Zero), ((await BudgetAsync()).Spent, (await BudgetAsync()).Held));
        Assert.Equal(settlement.End, (await _store.FindReservationAsync(settlement.ReservationId, default))!.End);
        await Books.AssertBalancedAsync(_store);
    }

    private async Task<Budget> BudgetAsync() => (await _inner.FindBudgetAsync("a", default))!;

    private static async Task<Func<ValueTask<Settlement>>> BeginAsync(SpendGuardEngine engine, ProviderReport report)
    {
        var call = await engine.ReserveAsync(new ModelCall
        {
            Agent = "a",
            Model = new ModelKey("openai", "gpt-4o"),
            Shape = new CallShape { InputBound = 100, OutputTokens = 100 },
        });
        return () => call.EndAsync(report);
    }

    private static ValueTask<ReservedToolCall> ToolAsync(SpendGuardEngine engine) =>
        engine.ReserveAsync(new ToolCall { Agent = "a", Tool = "t", Price = Money.FromCents(3) });

    private sealed class Forgetful(IBudgetStore inner) : DelegatingBudgetStore(inner)
    {
        private IBudgetStore _now = inner;

        public void Forget(IBudgetStore anew) => _now = anew;

        public override ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken) =>
            _now.ApplyAsync(command, cancellationToken);

        public override ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken) => _now.FindBudgetAsync(agent, cancellationToken);

        public override ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken) => _now.FindReservationAsync(id, cancellationToken);

        public override ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken) =>
            _now.ReadLedgerAsync(afterSequence, agent, limit, cancellationToken);

        public override ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
            DateTimeOffset? expiredAt, AgentId? agent, int limit, CancellationToken cancellationToken) => _now.FindInFlightAsync(expiredAt, agent, limit, cancellationToken);

        public override ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(AgentId? after, int limit, CancellationToken cancellationToken) =>
            _now.ListAgentsAsync(after, limit, cancellationToken);
    }
}
