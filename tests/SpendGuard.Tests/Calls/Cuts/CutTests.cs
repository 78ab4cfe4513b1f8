using Microsoft.Extensions.Logging;
using SpendGuard.Batches;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Calls.Cuts;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Calls.Cuts;

/// <summary>A pause that this process learns of cuts its calls in flight, those whose holds are being made, and has those ask again that wait.</summary>
public sealed class CutTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly ModelKey Model = new("openai", "gpt-4o-mini");
    private static readonly PausedNode Team = new("team-red", new Pause("ops", "runaway loop.", new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero)));

    private readonly WaitingClock _clock = new();
    private readonly InMemoryBudgetStore _store = new();
    private readonly CallbackStore _callbacks;
    private readonly RecordedLog _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly SpendGuardEngine _engine;

    public CutTests()
    {
        _callbacks = new CallbackStore(_store);
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _engine = new SpendGuardEngine(
            _callbacks, new Prices(PriceBook.LoadBundled()), new SpendGuardOptions { LockedWait = TimeSpan.FromHours(1) }, _clock, _loggers.CreateLogger<SpendGuardEngine>());
    }

    public async Task InitializeAsync()
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(1), maxInFlight: 3);
        await _engine.SetBudgetAsync("b", Money.FromDollars(1));
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        _loggers.Dispose();
    }

    [Fact]
    public async Task CallsBelowThePausedNode_AreCutOnce_AndOthersGoOn()
    {
        await using var one = await ReserveAsync("a");
        await using var two = await ReserveAsync("a");
        await using var other = await ReserveAsync("b");
        Assert.Throws<InvalidOperationException>(() => one.CutRefusal());

        Assert.Equal(2, Pause("a"));
        Assert.Equal(0, Pause("a"));

        foreach (var cut in (ReservedCall[])[one, two])
        {
            Assert.True(cut.CutByPause.IsCancellationRequested);
            Assert.Equal(Team, cut.PausedBy);
        }

        Assert.False(other.CutByPause.IsCancellationRequested);
        Assert.Null(other.PausedBy);
    }

    /// <summary>It ends by the ordinary rules, and what it came to is told.</summary>
    [Fact]
    public async Task CallThatWasCut_TellsWhatIsBooked()
    {
        await using var call = await ReserveAsync("a");
        Pause("a");

        var early = call.CutRefusal();
        var settlement = await call.EndAsync(ProviderReport.Unknown("it was cut"));
        var late = call.CutRefusal(settlement);

        const string Cause = "Paused: agent 'a' makes no calls, because group 'team-red' above it was paused by ops at 2026-11-27 12:00:00Z: runaway loop. The call was in flight and was cut";
        const string WayOut = "Ask whoever paused it to resume it: spendguard resume 'team-red'.";
        Assert.Equal($"{Cause}; the ledger has what is booked for it, as reservation '{call.Reservation.Id}'. {WayOut}", early.Message);
        Assert.Equal($"{Cause}: {call.Reservation.Held} is booked for it in the ledger, as reservation '{call.Reservation.Id}'. {WayOut}", late.Message);
        Assert.Equal((new NodeId("team-red"), Team.Pause, true), (late.Node, late.Pause, late.WasCut));
        Assert.Equal(((AgentId)"a", call.Reservation.Floor, settlement.Budget), (late.Agent, late.Required, late.Budget));
    }

    [Fact]
    public void AgentThatIsPausedItself_AndNobodySaysWhy_IsToldSo()
    {
        var refusal = new NodePausedException("a", new PausedNode("a", new Pause(By: null, Reason: " ", Team.Pause.At)), Money.FromCents(1));

        Assert.Equal(
            "Paused: agent 'a' makes no calls, because it was paused at 2026-11-27 12:00:00Z. Nothing was sent to a provider. "
            + "Ask whoever paused it to resume it: spendguard resume 'a'.",
            refusal.Message);
        Assert.False(refusal.WasCut);
    }

    /// <summary>The hold is in the store before the pause, and the call among those in flight only after the cut.</summary>
    [Fact]
    public async Task CallWhoseHoldIsBeingMade_IsReleased_AndRefused()
    {
        var cut = -1;
        _callbacks.OnReserved = () => cut = Pause("a");

        var refusal = await Assert.ThrowsAsync<NodePausedException>(() => ReserveAsync("a"));

        Assert.Equal(0, cut);
        Assert.False(refusal.WasCut);
        Assert.Contains("Nothing was sent to a provider.", refusal.Message, StringComparison.Ordinal);
        var budget = await _store.FindBudgetAsync("a", CancellationToken.None);
        Assert.Equal((Money.Zero, Money.Zero), (budget!.Held, budget.Spent));
    }

    /// <summary>Whether a later one may be made is the store's to say: the node may have been resumed.</summary>
    [Fact]
    public async Task CallThatIsReservedLater_IsNotCut()
    {
        Pause("a");

        await using var call = await ReserveAsync("a");

        Assert.Null(call.PausedBy);
    }

    [Fact]
    public async Task CallsThatWait_AskTheirStoreAgain_WithoutTime()
    {
        var held = new List<ReservedCall> { await ReserveAsync("a"), await ReserveAsync("a"), await ReserveAsync("a") };
        var waiting = Enumerable.Range(0, 4).Select(_ => ReserveAsync("a")).ToList();
        await _clock.WhenWaitingAsync(1);

        // Another process has paused the agent. No timer fires, so no call asks by itself.
        await _store.ApplyAsync(new PauseNode("a", "runaway loop", _clock.GetUtcNow()) { By = "ops" }, CancellationToken.None);
        Assert.Equal(3, Pause("a"));

        foreach (var call in waiting)
        {
            var refusal = await Assert.ThrowsAsync<NodePausedException>(() => call.WaitAsync(Patience));
            Assert.StartsWith("Paused: agent 'a' makes no calls, because it was paused by ops at ", refusal.Message, StringComparison.Ordinal);
        }

        await Task.WhenAll(held.Select(call => call.DisposeAsync().AsTask()));
    }

    /// <summary>Its caller has gone, and it would be read on for the account only.</summary>
    [Fact]
    public async Task CallThatEndsInTheBackground_IsGivenUp_ByWhatWasSaid()
    {
        var call = await ReserveAsync("a");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        call.Follow(() => new ProviderReport { Usage = new Usage { Input = 10, Output = 1_000_000 }, Incomplete = "it went on" });
        call.EndInBackground(
            async timeUp =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, timeUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stopped.SetResult();
            },
            TimeSpan.FromHours(1));

        Assert.Equal(1, Pause("a"));

        await stopped.Task.WaitAsync(Patience);
        await Eventually.HoldsAsync(async () => (await _store.FindBudgetAsync("a", CancellationToken.None))!.InFlight == 0);
        Assert.Equal((10 * 15) + (1_000_000 * 60), (await _store.FindBudgetAsync("a", CancellationToken.None))!.Spent.Microcents);
    }

    /// <summary>A provider works on a batch by itself, and a tool that runs has been called.</summary>
    [Fact]
    public async Task BatchesAndTools_AreNotCut()
    {
        await using var tool = await _engine.ReserveAsync(new ToolCall { Agent = "a", Tool = "search", Price = Money.FromCents(1) });
        await using var batch = await _engine.ReserveAsync(new ModelBatch { Requests = [CallOf("a")], Lifetime = TimeSpan.FromHours(24) });

        Assert.Equal(0, Pause("a"));

        Assert.Equal(tool.Reservation.Held, (await tool.SettleAsync()).Charged);
    }

    /// <summary>Whoever fails to stop keeps no other call from being cut.</summary>
    [Fact]
    public async Task ListenerThatFails_IsLogged_AndTheOthersAreCut()
    {
        await using var one = await ReserveAsync("a");
        await using var two = await ReserveAsync("a");
        one.CutByPause.Register(() => throw new InvalidOperationException("It cannot stop."));

        Assert.Equal(2, Pause("a"));

        await Eventually.HoldsAsync(() => _log.At(LogLevel.Error).Any(line => line.Contains(one.Reservation.Id.Value, StringComparison.Ordinal)));
        Assert.NotNull(two.PausedBy);
    }

    /// <summary>Cuts and holds in any order: no hold that was asked for before a cut escapes it.</summary>
    [Fact]
    public async Task CutsAndHoldsAtOnce_LeaveNoCallThatWasAskedForBefore()
    {
        var cuts = new CutCalls(_loggers.CreateLogger<SpendGuardEngine>());
        var before = cuts.Last;
        var calls = new List<ReservedCall> { await ReserveAsync("b"), await ReserveAsync("b") };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => cuts.Begin(held => number == 5 && held.Id == calls[0].Reservation.Id ? Team : null))));

        Assert.All(calls, call => cuts.CatchUp(call, cuts.Last));
        Assert.All(calls, call => Assert.Null(call.PausedBy));
        Assert.All(calls, call => cuts.CatchUp(call, before));

        Assert.Equal([Team, null], calls.Select(call => call.PausedBy));
        await Task.WhenAll(calls.Select(call => call.DisposeAsync().AsTask()));
    }

    private int Pause(AgentId agent) => _engine.Cut(held => held.Agent == agent ? Team : null);

    private Task<ReservedCall> ReserveAsync(AgentId agent) => _engine.ReserveAsync(CallOf(agent)).AsTask();

    private static ModelCall CallOf(AgentId agent) => new()
    {
        Agent = agent,
        Model = Model,
        Shape = new CallShape { InputBound = 10, OutputTokens = 20 },
    };

    /// <summary>Calls back when a hold has been committed, before anybody is told.</summary>
    private sealed class CallbackStore(IBudgetStore inner) : DelegatingBudgetStore(inner)
    {
        public Action? OnReserved { get; set; }

        public override async ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
        {
            var answer = await Inner.ApplyAsync(command, cancellationToken);
            if (command is Reserve && answer.Succeeded)
            {
                OnReserved?.Invoke();
            }

            return answer;
        }
    }
}
