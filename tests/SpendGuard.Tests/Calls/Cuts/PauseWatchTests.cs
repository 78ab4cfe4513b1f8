using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Calls.Cuts;

/// <summary>What one process pauses on a file, another one that shares it cuts.</summary>
public sealed class PauseWatchTests : IAsyncLifetime
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly TempFolder _folder = new();
    private readonly WaitingClock _clock = new();
    private SpendGuardEngine? _here;
    private SpendGuardEngine? _there;

    private SpendGuardEngine Here => _here!;

    private SpendGuardEngine There => _there!;

    public async Task InitializeAsync()
    {
        _here = Open(_clock);
        _there = Open(TimeProvider.System);
        await There.CreateGroupAsync("company");
        await There.CreateGroupAsync("team-red", under: "company");
        foreach (var agent in (string[])["a", "b", "other"])
        {
            await There.SetBudgetAsync(agent, Money.FromDollars(1));
        }

        await There.MoveAsync("a", under: "team-red");
        await There.MoveAsync("b", under: "company");
    }

    public async Task DisposeAsync()
    {
        await Here.DisposeAsync();
        await There.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Pause_OfAnotherProcess_CutsWhatIsInFlightBelow_AndNothingElse()
    {
        await using var call = await ReserveAsync("a");
        await using var beside = await ReserveAsync("b");
        await using var other = await ReserveAsync("other");

        await There.PauseAsync("team-red", "runaway loop", by: "ops");
        await Eventually.HoldsAsync(() => call.CutByPause.IsCancellationRequested, () => _clock.Advance(Look));

        Assert.Equal(("team-red", "runaway loop", "ops"), (call.PausedBy!.Node.Value, call.PausedBy.Pause.Reason, call.PausedBy.Pause.By));
        Assert.False(beside.CutByPause.IsCancellationRequested || other.CutByPause.IsCancellationRequested);
        Assert.Equal("team-red", (await Assert.ThrowsAsync<NodePausedException>(() => ReserveAsync("a"))).Node.Value);

        await There.PauseAsync("company");
        await Eventually.HoldsAsync(() => beside.CutByPause.IsCancellationRequested, () => _clock.Advance(Look));

        Assert.Equal("company", beside.PausedBy!.Node.Value);
        Assert.False(other.CutByPause.IsCancellationRequested);
    }

    [Fact]
    public async Task Resume_OfAnotherProcess_LetsCallsGoOn_AndAnotherPauseCutsThem()
    {
        await There.PauseAsync("company");
        await Assert.ThrowsAsync<NodePausedException>(() => ReserveAsync("b"));
        await There.ResumeAsync("company");

        await using var call = await ReserveAsync("b");
        await There.PauseAsync("company", "once more");
        await Eventually.HoldsAsync(() => call.CutByPause.IsCancellationRequested, () => _clock.Advance(Look));

        Assert.Equal("once more", call.PausedBy!.Pause.Reason);
    }

    /// <summary>Without any time, for whoever pauses here is not to wait for what another process may do.</summary>
    [Fact]
    public async Task Pause_OfThisProcess_CutsAtOnce()
    {
        await using var call = await ReserveAsync("a");

        await Here.PauseAsync("company");

        await Eventually.HoldsAsync(() => call.CutByPause.IsCancellationRequested);
    }

    /// <summary>A call that waits for what another agent's holds of their run asks no store.</summary>
    [Fact]
    public async Task Pause_OfAnotherProcess_RefusesWhatWaitsForARun_AndCutsNobodyElse()
    {
        using var run = Here.BeginRun("other", Money.FromMicrocents(6_500));
        await using var call = await ReserveAsync("other");
        var waiting = ReserveAsync("a");
        var beside = ReserveAsync("b");

        await There.PauseAsync("team-red", "enough");
        await Eventually.HoldsAsync(() => waiting.IsCompleted, () => _clock.Advance(Look));

        Assert.Equal("enough", (await Assert.ThrowsAsync<NodePausedException>(() => waiting)).Pause.Reason);
        Assert.False(call.CutByPause.IsCancellationRequested || beside.IsCompleted);
        await call.DisposeAsync();
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => beside);
    }

    [Fact]
    public async Task Breaker_ThatTrips_CutsWhatIsInFlightBelow()
    {
        await There.SetLimitAsync("team-red", Limit.Rolling(Money.FromDollars(0.10m), TimeSpan.FromHours(1)).ThatPauses());
        await using var call = await ReserveAsync("a");
        var search = new ToolCall { Agent = "a", Tool = "search", Price = Money.FromDollars(0.06m) };
        await using (await Here.ReserveAsync(search))
        {
            // Nobody says what came of it, so it is forfeited at its price.
        }

        var refused = await Assert.ThrowsAsync<NodePausedException>(() => Here.ReserveAsync(search).AsTask());
        await Eventually.HoldsAsync(() => call.CutByPause.IsCancellationRequested);

        Assert.Equal(("team-red", "breaker"), (refused.Node.Value, refused.Pause.By));
        Assert.Equal("team-red", call.PausedBy!.Node.Value);
    }

    /// <summary>A store that tells of pauses is asked ten times as seldom, for as long as it does; and at once when it tells of something.</summary>
    [Fact]
    public async Task StoreThatTells_IsAskedSeldom_AndWhenItTells()
    {
        var store = new TellingStore(new InMemoryBudgetStore()) { AreComing = true };
        await using var engine = new SpendGuardEngine(store, new Prices(PriceBook.LoadBundled()), new SpendGuardOptions(), _clock);
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        await using var call = await engine.ReserveAsync(new ToolCall { Agent = "a", Tool = "t", Price = Money.FromCents(1) });
        Assert.Null(store.Changed);
        await using var other = await engine.ReserveAsync(Call("a"));

        var ticks = 0;
        await Eventually.HoldsAsync(() => store.Looks >= 3, Tick);
        Assert.InRange(ticks, 30, int.MaxValue);

        var before = store.Looks;
        store.Changed!();
        await Eventually.HoldsAsync(() => store.Looks > before);

        (store.AreComing, before, ticks) = (false, store.Looks, 0);
        await Eventually.HoldsAsync(() => store.Looks >= before + 3, Tick);

        void Tick()
        {
            ticks++;
            _clock.Advance(Look);
        }
    }

    private sealed class TellingStore(IBudgetStore inner) : DelegatingBudgetStore(inner), IStoreNotices
    {
        private int _looks;

        public bool AreComing { get; set; }

        public Action? Changed { get; private set; }

        public int Looks => Volatile.Read(ref _looks);

        public override IStoreNotices? Watch(Action changed)
        {
            Changed = changed;
            return this;
        }

        public override ValueTask<IReadOnlyList<PausedNode>> FindPausedAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _looks);
            return base.FindPausedAsync(cancellationToken);
        }

        public void Dispose() => Changed = null;
    }

    private SpendGuardEngine Open(TimeProvider clock) => new(
        new SqliteBudgetStore(new SqliteStoreOptions { Path = _folder.File("budgets.db") }), new Prices(PriceBook.LoadBundled()),
        new SpendGuardOptions { LockedWait = TimeSpan.FromHours(1) }, clock);

    private Task<ReservedCall> ReserveAsync(AgentId agent) => Here.ReserveAsync(Call(agent)).AsTask();

    private static ModelCall Call(AgentId agent) => new()
    {
        Agent = agent,
        Model = new ModelKey("openai", "gpt-4o-mini"),
        Shape = new CallShape { InputBound = 10, OutputTokens = 100 },
    };
}
