using SpendGuard.Billing;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Testing;
using static SpendGuard.Tests.Calls.Parking.ParkingScene;

namespace SpendGuard.Tests.Calls.Parking;

/// <summary>A call that waits for approval and fits without it, or finds what was approved taken by another. Every call costs 100 microcents.</summary>
public sealed class ParkedCallRoomTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly AgentId Agent = ParkingScene.Agent;

    private readonly WaitingClock _clock = new();
    private readonly InMemoryBudgetStore _store = new();
    private readonly SpendGuardEngine _engine;

    public ParkedCallRoomTests() => _engine = Open(_store, new SpendGuardOptions { ApprovalWait = TimeSpan.FromDays(2), LockedWait = TimeSpan.Zero, MaxWaitingCalls = 8 }, _clock);

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task ParkedCall_OnceARollingWindowHasRoom_GoesOn()
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.Rolling(Money.FromMicrocents(150), TimeSpan.FromHours(1)).ThatAsks());
        await SpendAsync();
        var parked = await ParkAsync();

        _clock.Advance(TimeSpan.FromMinutes(30));
        await _clock.WhenWaitingAsync(1);
        Assert.False(parked.IsCompleted);
        _clock.Advance(TimeSpan.FromMinutes(32));

        await using var reserved = await parked.WaitAsync(Patience);
    }

    [Fact]
    public async Task ParkedCall_OnceACalendarWindowHasEnded_GoesOn()
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.PerDay(Money.FromMicrocents(150)).ThatAsks());
        await SpendAsync();
        var parked = await ParkAsync();

        _clock.Advance(TimeSpan.FromDays(1));

        await using var reserved = await parked.WaitAsync(Patience);
    }

    /// <summary>By whatever process: the store alone knows of it.</summary>
    [Fact]
    public async Task ParkedCall_OnceAForfeitWasCorrected_GoesOn()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(150), onExhausted: LimitAction.Ask);
        var lost = await _engine.ReserveAsync(Call());
        await lost.EndAsync(new ProviderReport());
        var parked = await ParkAsync();

        await _store.ApplyAsync(new Settle(lost.Reservation.Id, Money.FromMicrocents(40), _clock.GetUtcNow()), default);
        _clock.Advance(Second);

        await using var reserved = await parked.WaitAsync(Patience);
    }

    /// <summary>Of a process that is no more: nobody else may ask for this budget.</summary>
    [Fact]
    public async Task ParkedCall_WhoseRoomADeadHoldTakes_AsksAnewOnceThatHasExpired()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(90), maxInFlight: 8, onExhausted: LimitAction.Ask);
        var now = _clock.GetUtcNow();
        await _store.ApplyAsync(new Reserve(new ReservationId("dead"), Agent, Run: null, "p:m", Money.FromMicrocents(60), Money.FromMicrocents(60), now.AddMinutes(1), now), default);
        var parked = await ParkAsync();
        await _engine.ApproveAsync(await _engine.PendingAsync(), Money.FromMicrocents(60));
        await _clock.WhenWaitingAsync(1);
        Assert.Empty(await _engine.ListPendingAsync());

        _clock.Advance(TimeSpan.FromMinutes(2));

        await Eventually.HoldsAsync(async () => await _engine.ListApprovalsAsync(ApprovalState.Pending).AnyAsync());
        await _engine.ApproveAsync(await _engine.PendingAsync(), Money.FromMicrocents(10));
        await using var reserved = await parked.WaitAsync(Patience);
    }

    [Fact]
    public async Task ParkedCall_WhoseLimitIsSetAnewHere_GoesOnAtOnce()
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.PerDay(Money.FromMicrocents(50)).ThatAsks());
        var parked = await ParkAsync();

        await _engine.SetLimitAsync(Agent, Limit.PerDay(Money.FromMicrocents(100)).ThatAsks());

        await using var reserved = await parked.WaitAsync(Patience);
    }

    [Fact]
    public async Task ParkedCall_WhoseAgentIsDeleted_IsRefused()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var parked = await ParkAsync();

        await _engine.DeleteAgentAsync(Agent);

        await Assert.ThrowsAsync<BudgetNotFoundException>(() => parked.WaitAsync(Patience));
    }

    /// <summary>What it needs is known anew only when it asks: at the end it does, whatever it has seen.</summary>
    [Fact]
    public async Task ParkedCall_AtTheEndOfItsWait_AsksOnceMore()
    {
        _engine.Prices.Swap(Book(microcents: 3));
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(150), onExhausted: LimitAction.Ask);
        var parked = await ParkAsync(Second);
        _engine.Prices.Swap(Book(microcents: 1));

        _clock.Advance(Second);

        await using var reserved = await parked.WaitAsync(Patience);
        Assert.Equal(Cost, reserved.Reservation.Held.Microcents);
    }

    [Fact]
    public async Task ParkedCall_WhoseRaiseAnotherHolds_WaitsForWhatThatGivesBack()
    {
        var (holder, parked) = await OneOfTwoAsync(TimeSpan.FromHours(1));

        await holder.EndAsync(ProviderReport.NotBilled);
        _clock.Advance(Second);

        await using var reserved = await parked.WaitAsync(Patience);
    }

    [Fact]
    public async Task ParkedCall_WhoseRaiseAnotherHasSpent_AsksAnew_AndIsRefusedWithThat()
    {
        var (holder, parked) = await OneOfTwoAsync(TimeSpan.FromHours(1));

        await holder.EndAsync();
        _clock.Advance(Second);
        await _clock.WhenWaitingAsync(1);
        var asked = await _engine.PendingAsync();
        Assert.False(parked.IsCompleted);
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(asked, (await Assert.ThrowsAsync<InsufficientBudgetException>(() => parked.WaitAsync(Patience))).Approval);
    }

    [Fact]
    public async Task ParkedCall_WhoseRaiseAnotherHoldsUntilTheEndOfItsWait_IsRefusedAsLocked()
    {
        var (holder, parked) = await OneOfTwoAsync(2 * Second);
        _clock.Advance(Second);
        await _clock.WhenWaitingAsync(1);
        Assert.False(parked.IsCompleted);

        _clock.Advance(Second);

        await Assert.ThrowsAsync<BudgetLockedException>(() => parked.WaitAsync(Patience));
        await holder.EndAsync(ProviderReport.NotBilled);
    }

    /// <summary>Two calls that wait for one request, which is granted for one of them.</summary>
    private async Task<(ReservedCall Holder, Task<ReservedCall> Parked)> OneOfTwoAsync(TimeSpan wait)
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        Task<ReservedCall>[] parked = [await ParkAsync(wait), await ParkAsync(wait)];
        await _engine.ApproveAsync(await _engine.PendingAsync(), Money.FromMicrocents(50));
        var first = await Task.WhenAny(parked);
        var holder = await first;
        await _clock.WhenWaitingAsync(1);
        return (holder, parked.Single(call => call != first));
    }

    private async Task SpendAsync()
    {
        var reserved = await _engine.ReserveAsync(Call());
        await reserved.EndAsync();
    }

    /// <returns>The call, once it waits.</returns>
    private async Task<Task<ReservedCall>> ParkAsync(TimeSpan? wait = null)
    {
        var parked = _engine.ReserveAsync(Call() with { ApprovalWait = wait }).AsTask();
        await _clock.WhenWaitingAsync(1);
        return parked;
    }
}
