using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Testing;
using static SpendGuard.Tests.Calls.Parking.ParkingScene;

namespace SpendGuard.Tests.Calls.Parking;

/// <summary>A call that was told to wait for approval: it goes on once that is there, whoever has given it. Every call costs 100 microcents.</summary>
public sealed class ParkedCallTests : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly AgentId Agent = ParkingScene.Agent;

    private readonly WaitingClock _clock = new();
    private readonly InMemoryBudgetStore _store = new();
    private readonly SpendGuardEngine _engine;
    private readonly SpendGuardEngine _elsewhere;

    public ParkedCallTests()
    {
        _engine = Open(_store, new SpendGuardOptions { ApprovalWait = Hour, MaxWaitingCalls = 8 }, _clock);
        _elsewhere = Open(_store, new SpendGuardOptions(), _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    /// <summary>What issue 14 wants to see: out of budget, waits, is approved from elsewhere, goes on, and is refused again when the raise has ended.</summary>
    [Fact]
    public async Task ParkedCall_ApprovedFromAnotherProcess_GoesOn_AndIsRefusedAgainOnceTheRaiseHasEnded()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var parked = ParkAsync();
        await _clock.WhenWaitingAsync(1);

        await _elsewhere.ApproveAsync(await _engine.PendingAsync(), Money.FromMicrocents(200), TimeSpan.FromMinutes(10), by: "alice");
        Assert.False(parked.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        await (await parked).EndAsync();
        _clock.Advance(TimeSpan.FromMinutes(10));
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => _engine.ReserveAsync(Call() with { ApprovalWait = TimeSpan.Zero }).AsTask());
    }

    [Fact]
    public async Task ParkedCall_ApprovedHere_GoesOnAtOnce()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var parked = ParkAsync();
        await _clock.WhenWaitingAsync(1);

        await _engine.ApproveAsync(await _engine.PendingAsync(), Money.FromMicrocents(50));

        await using var reserved = await parked;
    }

    [Fact]
    public async Task ParkedCall_Denied_IsRefusedAndSaysSo()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var parked = ParkAsync();
        await _clock.WhenWaitingAsync(1);

        await _elsewhere.DenyAsync(await _engine.PendingAsync(), "No.", "alice");
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("denied by alice: No.", (await Assert.ThrowsAsync<InsufficientBudgetException>(() => parked)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ParkedCall_OfANodeThatIsPausedElsewhere_IsRefused()
    {
        await _engine.CreateGroupAsync("team");
        await _engine.CreateAgentAsync(agent: Agent, under: "team");
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var parked = ParkAsync();
        await _clock.WhenWaitingAsync(1);

        await _elsewhere.PauseAsync("team");
        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<NodePausedException>(() => parked);
    }

    /// <summary>A new window, or a higher limit, is an answer too.</summary>
    [Fact]
    public async Task ParkedCall_WhoseLimitIsSetAnewElsewhere_GoesOn()
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.PerDay(Money.FromMicrocents(50)).ThatAsks());
        var parked = ParkAsync();
        await _clock.WhenWaitingAsync(1);

        await _elsewhere.SetLimitAsync(Agent, Limit.PerDay(Money.FromMicrocents(100)).ThatAsks());
        _clock.Advance(TimeSpan.FromSeconds(1));

        await using var reserved = await parked;
    }

    [Fact]
    public async Task ParkedCall_NotAnsweredInTime_IsRefused()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var parked = ParkAsync(TimeSpan.FromSeconds(2));
        await _clock.WhenWaitingAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _clock.WhenWaitingAsync(1);
        Assert.False(parked.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<InsufficientBudgetException>(() => parked);
    }

    /// <summary>It takes nobody's turn: what fits goes before it, and a run with a cap has all that it may cost.</summary>
    [Fact]
    public async Task ParkedCall_HoldsUpNoOther()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        using var run = _engine.BeginRun(Agent, Money.FromMicrocents(100));
        var parked = ParkAsync();
        await _clock.WhenWaitingAsync(1);

        await using var small = await _engine.ReserveAsync(Call(30));

        Assert.Equal(70, run.Budget.Available.Microcents);
        Assert.False(parked.IsCompleted);
    }

    /// <summary>Of one agent a quarter of the places: here two.</summary>
    [Fact]
    public async Task ParkedCall_BeyondItsAgentsPlaces_IsRefusedAtOnce_AndOthersHaveOne()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        await _engine.SetBudgetAsync("b", Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        Task<ReservedCall>[] parked = [ParkAsync(), ParkAsync()];
        await _clock.WhenWaitingAsync(2);

        await Assert.ThrowsAsync<InsufficientBudgetException>(() => ParkAsync());
        var other = _engine.ReserveAsync(Call() with { Agent = "b" }).AsTask();
        await _clock.WhenWaitingAsync(1);

        await _engine.DisposeAsync();
        foreach (var call in parked.Append(other))
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        }
    }

    [Fact]
    public async Task ParkedCall_WhoseCallerHasGone_StopsWaiting()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        using var gone = new CancellationTokenSource();
        var parked = _engine.ReserveAsync(Call(), gone.Token).AsTask();
        await _clock.WhenWaitingAsync(1);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => parked);
        await _engine.ApproveAsync(await _engine.PendingAsync(), Money.FromMicrocents(50));
        Assert.Equal(Money.Zero, (await _engine.FindBudgetAsync(Agent))!.Held);
    }

    /// <summary>What was approved may go to another call first; the one that waits asks anew, and waits on.</summary>
    [Fact]
    public async Task ParkedCall_WhoseRaiseAnotherTook_AsksAnew()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        Task<ReservedCall>[] parked = [ParkAsync(), ParkAsync()];
        await _clock.WhenWaitingAsync(2);

        await _engine.ApproveAsync(await _engine.PendingAsync(), Money.FromMicrocents(50));
        var first = await await Task.WhenAny(parked);
        await first.EndAsync();
        await Eventually.HoldsAsync(async () => (await _engine.ListPendingAsync()).Count == 1, () => _clock.Advance(TimeSpan.FromSeconds(1)));
        await _engine.ApproveAsync(await _engine.PendingAsync(), Money.FromMicrocents(100));

        foreach (var call in parked)
        {
            await using var reserved = await call;
        }
    }

    /// <summary>It may have waited for longer than prices stay as they are, and is billed at those of when it is made.</summary>
    [Fact]
    public async Task ParkedCall_PricesChangedMeanwhile_IsHeldAtTheNewOnes()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var parked = ParkAsync();
        await _clock.WhenWaitingAsync(1);

        _engine.Prices.Swap(Book(microcents: 3));
        await _engine.ApproveAsync(await _engine.PendingAsync(), Money.FromMicrocents(1_000));

        await using var reserved = await parked;
        Assert.Equal(3 * Cost, reserved.Reservation.Held.Microcents);
    }

    private Task<ReservedCall> ParkAsync(TimeSpan? wait = null) => _engine.ReserveAsync(Call() with { ApprovalWait = wait }).AsTask();
}
