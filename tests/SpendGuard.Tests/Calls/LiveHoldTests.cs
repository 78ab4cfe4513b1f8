using System.Runtime.CompilerServices;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Calls;

/// <summary>The hold of a call that is being made, while clocks are set and commits are slow.</summary>
public sealed class LiveHoldTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly SpendGuardOptions Options = new();

    private readonly SetClock _clock = new();
    private readonly GatedStore _store = new();
    private SpendGuardEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _engine = new SpendGuardEngine(_store, new Prices(PriceBook.LoadBundled()), Options, _clock);
        await _engine.SetBudgetAsync("a", Money.FromDollars(1000));
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Theory]
    [InlineData(6)]
    [InlineData(60 * 24 * 365)]
    public async Task ClockThatIsSetForward_ForfeitsNoCallThatIsBeingMade(int minutes)
    {
        await using var call = await ReserveAsync();

        _clock.Step = TimeSpan.FromMinutes(minutes);

        Assert.Equal(0, await _engine.ForfeitExpiredAsync());
        Assert.Equal(1, (await _engine.FindBudgetAsync("a"))!.InFlight);

        // Also not when it has been renewed, and the clock was set back after that.
        _clock.Step = TimeSpan.FromMinutes(-minutes);
        Assert.Equal(0, await _engine.ForfeitExpiredAsync());
    }

    [Fact]
    public async Task CallsThatAreBeingMade_KeepNoneOfAnotherProcessFromBeingForfeited()
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, 450).Select(_ => ReserveAsync()));
        await _store.ReserveAsync("a", "left by another process", 1, 1, expires: 0);

        _clock.Step = StoreSteps.Second(400) - _clock.GetUtcNow();

        Assert.Equal(1, await _engine.ForfeitExpiredAsync());
        Assert.Equal(calls.Length, (await _engine.FindBudgetAsync("a"))!.InFlight);
    }

    [Fact]
    public async Task CallThatTakesLongerThanAnyMay_IsForfeited()
    {
        await using var call = await ReserveAsync();

        _clock.Advance(Options.LongestCall + Options.ReservationLifetime + TimeSpan.FromMinutes(1));

        Assert.Equal(1, await _engine.ForfeitExpiredAsync());
    }

    [Fact]
    public async Task CallThatNobodyEnds_IsForfeited_AndKeptInMindNoLonger()
    {
        var left = Leave();

        await GiveUpAsync();

        Assert.True((await BudgetAsync()).Spent > Money.Zero);
        await Eventually.HoldsAsync(() => !left.IsAlive, GC.Collect);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallThatEndsAfterItWasGivenUp_IsChargedWhatItCost(bool forfeitedByAnother)
    {
        var call = await ReserveAsync();
        if (forfeitedByAnother)
        {
            await using var other = new SpendGuardEngine(_store, new Prices(PriceBook.LoadBundled()), Options, _clock);
            _clock.Step = TimeSpan.FromDays(1);
            Assert.Equal(1, await other.ForfeitExpiredAsync());
        }

        await GiveUpAsync();
        Assert.Equal(call.Reservation.Held, (await BudgetAsync()).Spent);

        var settlement = await call.EndAsync(new ProviderReport { Usage = new Usage { Input = 10, Output = 1 } });
        await call.DisposeAsync();

        Assert.Equal(ReservationEnd.Settled, settlement.End);
        Assert.True(settlement.Charged > Money.Zero && settlement.Charged < call.Reservation.Held);
        Assert.Equal((settlement.Charged, Money.Zero, 0), ((await BudgetAsync()).Spent, (await BudgetAsync()).Held, (await BudgetAsync()).InFlight));
    }

    [Fact]
    public async Task Renewals_AreUnderWayAllAtOnce()
    {
        const int Calls = 120;
        var calls = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => ReserveAsync()));
        _store.KeepRenewals(Calls);

        _clock.Advance(Options.ReservationLifetime / 3);

        await _store.AllArrived.WaitAsync(Patience);
        foreach (var call in calls)
        {
            await call.DisposeAsync();
        }
    }

    /// <summary>Lets more time pass than any call may take, without anybody who looks.</summary>
    private async Task GiveUpAsync()
    {
        _clock.Advance(Options.LongestCall + (2 * Options.ReservationLifetime) + TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(
            async () => (await BudgetAsync()).InFlight == 0, () => _clock.Advance(Options.ReservationLifetime / 3));
    }

    private async Task<Budget> BudgetAsync() => (await _store.FindBudgetAsync("a", default))!;

    /// <summary>Reserves a call that is not kept anywhere here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Leave() => new(ReserveAsync().GetAwaiter().GetResult());

    private async Task<ReservedCall> ReserveAsync() => await _engine.ReserveAsync(new ModelCall
    {
        Agent = "a",
        Model = new ModelKey("openai", "gpt-4o-mini"),
        Shape = new CallShape { InputBound = 10, OutputTokens = 20 },
    });

    /// <summary>A store that commits no renewal before all have arrived.</summary>
    private sealed class GatedStore() : DelegatingBudgetStore(new InMemoryBudgetStore())
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing;

        public Task AllArrived => _all.Task;

        public void KeepRenewals(int count) => Volatile.Write(ref _missing, count);

        public override async ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
        {
            if (command is Renew && Volatile.Read(ref _missing) > 0)
            {
                if (Interlocked.Decrement(ref _missing) == 0)
                {
                    _all.SetResult();
                }

                await _all.Task.WaitAsync(cancellationToken);
            }

            return await Inner.ApplyAsync(command, cancellationToken);
        }
    }
}
