using Microsoft.Extensions.Time.Testing;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Calls;

/// <summary>The store may have the hold of a call that its caller was refused: it is given back, whatever became of the commit, and nothing is charged.</summary>
public sealed class HoldInDoubtTests : IAsyncLifetime
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly SetClock _time = new();
    private readonly DoubtfulStore _store = new(new InMemoryBudgetStore());
    private readonly SpendGuardEngine _engine;

    public HoldInDoubtTests() => _engine = new SpendGuardEngine(_store, new Prices(PriceBook.LoadBundled()), time: _time);

    public async Task InitializeAsync() => await _engine.SetBudgetAsync("a", Money.FromDollars(1), maxInFlight: 1);

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    public static TheoryData<Fate, bool, bool, bool> Doubts()
    {
        bool[] either = [false, true];
        var doubts = new TheoryData<Fate, bool, bool, bool>();
        foreach (var fate in (Fate[])[Fate.Lost, Fate.AnswerLost, Fate.CommittedLate])
        {
            foreach (var (tool, unexpectedly, late) in either.SelectMany(one => either.SelectMany(two => either.Select(three => (one, two, three)))))
            {
                doubts.Add(fate, tool, unexpectedly, late);
            }
        }

        return doubts;
    }

    [Theory]
    [MemberData(nameof(Doubts))]
    public async Task Reserve_Fails_WhateverBecameOfTheCommit_HoldIsGivenBack(Fate fate, bool tool, bool unexpectedly, bool late)
    {
        _store.OfCommand = _ => fate;
        if (unexpectedly)
        {
            _store.Failure = () => new TimeoutException("No store is meant to throw this.");
        }

        await Assert.ThrowsAnyAsync<Exception>(() => ReserveAsync(tool));
        _store.OfCommand = _ => Fate.Answered;
        if (late)
        {
            // Asked for again before it has arrived.
            var asked = _store.WhenAskedAsync(nameof(Reserve), 1);
            _time.Advance(Tick);
            await asked;
        }
        else
        {
            await _store.CommitLateAsync();
        }

        await AssertGivenBackAsync();
        await _store.CommitLateAsync();
        await AssertGivenBackAsync();
        await using var next = await _engine.ReserveAsync(Call());
        Assert.Equal(next.Reservation.Held, (await BudgetAsync()).Held);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Store_StaysAway_ItIsTriedUntilItIsBack(int ticks)
    {
        using var tried = new SemaphoreSlim(0);
        _store.OfCommand = _ => Fate.AnswerLost;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReserveAsync(tool: false));
        _store.OfCommand = _ => Fate.Lost;
        _store.OnCommand = _ => tried.Release();
        for (var tick = 0; tick < ticks; tick++)
        {
            _time.Advance(Tick);
            await tried.WaitAsync();
            Assert.Equal(1, (await BudgetAsync()).InFlight);
        }

        _store.OfCommand = _ => Fate.Answered;
        await AssertGivenBackAsync();
    }

    [Fact]
    public async Task Caller_Cancels_AndTheStoreBreaksItsWord_HoldIsGivenBack()
    {
        using var caller = new CancellationTokenSource();
        _store.Failure = () => new OperationCanceledException(caller.Token);
        _store.OfCommand = _ => Fate.AnswerLost;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _engine.ReserveAsync(Call(), caller.Token));

        _store.OfCommand = _ => Fate.Answered;
        await AssertGivenBackAsync();
    }

    [Fact]
    public async Task Caller_CancelsWhileTheHoldCommits_HoldIsReleasedThoughTheStoreFailsThen()
    {
        using var caller = new CancellationTokenSource();
        _store.OnCommand = kind =>
        {
            if (kind == nameof(Reserve))
            {
                caller.Cancel();
                _store.OfCommand = next => next == nameof(Release) ? Fate.Lost : Fate.Answered;
            }
        };
        _store.OfCommand = _ => Fate.Answered;
        var held = new CancellationIgnored(_store);
        await using var engine = new SpendGuardEngine(held, new Prices(PriceBook.LoadBundled()), time: _time);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await engine.ReserveAsync(Call(), caller.Token));

        _store.OfCommand = _ => Fate.Answered;
        await AssertGivenBackAsync();
    }

    /// <summary>Another process may send the same id again, as it is told to; then that hold is its own.</summary>
    [Fact]
    public async Task SomebodyElse_HasMadeTheHoldMeanwhile_ItIsLeftAlone()
    {
        var id = new ReservationId("the caller's");
        _store.OfCommand = _ => Fate.Lost;
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _engine.ReserveAsync(Call() with { ReservationId = id }));
        _store.OfCommand = _ => Fate.Answered;
        var asked = _store.WhenAskedAsync(nameof(Reserve), 2);
        var later = new FakeTimeProvider(_time.GetUtcNow() + TimeSpan.FromMilliseconds(1));
        await using var other = new SpendGuardEngine(new CancellationIgnored(_store), new Prices(PriceBook.LoadBundled()), time: later);
        var reserved = await other.ReserveAsync(Call() with { ReservationId = id });

        _time.Advance(Tick);
        await asked;
        await _engine.DisposeAsync();

        Assert.Equal((1, reserved.Reservation.Held), ((await BudgetAsync()).InFlight, (await BudgetAsync()).Held));
        await reserved.EndAsync(new ProviderReport { Usage = new Usage { Input = 1, Output = 1 } });
        Assert.Equal(ReservationEnd.Settled, (await _store.FindReservationAsync(id, default))!.End);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(-60)]
    public async Task BudgetHasNoRoomForItAnyMore_NothingIsMade_AndWhatComesLateIsGivenBack(int minutesThatTheClockIsSet)
    {
        _store.OfCommand = _ => Fate.CommittedLate;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReserveAsync(tool: false));
        _store.OfCommand = _ => Fate.Answered;
        var asked = _store.WhenAskedAsync(nameof(Reserve), 2);
        await using (var other = await _engine.ReserveAsync(Call()))
        {
            _time.Step = TimeSpan.FromMinutes(minutesThatTheClockIsSet);
            _time.Advance(Tick);
            await asked;
            await other.EndAsync(ProviderReport.NotBilled);
        }

        await _store.CommitLateAsync();
        await AssertGivenBackAsync();
    }

    [Fact]
    public async Task ListenerOfTheTelemetry_Fails_HoldIsGivenBack()
    {
        // It hears every engine of the process, of which other tests have some.
        var here = new AsyncLocal<bool> { Value = true };
        using var listener = new System.Diagnostics.Metrics.MeterListener { InstrumentPublished = (instrument, all) => all.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) =>
        {
            if (here.Value && instrument.Name == "spendguard.reservation.held")
            {
                throw new InvalidOperationException("The listener failed.");
            }
        });
        listener.Start();
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReserveAsync(tool: false));
        listener.Dispose();

        await AssertGivenBackAsync();
    }

    /// <summary>Nothing is held any more, within a few ticks, and nothing was charged.</summary>
    private async Task AssertGivenBackAsync()
    {
        await Eventually.HoldsAsync(async () => (await BudgetAsync()).InFlight == 0, () => _time.Advance(Tick));
        Assert.Equal((Money.Zero, Money.Zero), ((await BudgetAsync()).Held, (await BudgetAsync()).Spent));
        await Books.AssertBalancedAsync(_store);
    }

    private async Task ReserveAsync(bool tool) => _ = tool
        ? (object)await _engine.ReserveAsync(new ToolCall { Agent = "a", Tool = "t", Price = Money.FromCents(3) })
        : await _engine.ReserveAsync(Call());

    private async Task<Budget> BudgetAsync() => (await _store.FindBudgetAsync("a", default))!;

    private static ModelCall Call() => new()
    {
        Agent = "a",
        Model = new ModelKey("openai", "gpt-4o"),
        Shape = new CallShape { InputBound = 100, OutputTokens = 100 },
    };

    /// <summary>A store that has taken a command up when its caller leaves finishes it. It stays open for the other engine.</summary>
    private sealed class CancellationIgnored(IBudgetStore inner) : DelegatingBudgetStore(inner)
    {
        public override ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken) =>
            Inner.ApplyAsync(command, CancellationToken.None);

        [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2215", Justification = "That is what it is for.")]
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
