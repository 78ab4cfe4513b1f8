using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    [Fact]
    public async Task Expiry_RenewedMeanwhile_IsNotForfeited()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 20, 20, expires: 1000);

        Assert.Equal(BudgetStatus.NotExpired, (await Store.ForfeitAsync("r", onlyIfExpired: true, at: 999)).Status);
        var renewed = await Store.RenewAsync("r", 3000, at: 900);
        Assert.Equal(BudgetStatus.Applied, renewed.Status);
        Assert.Equal(BudgetStatus.NotExpired, (await Store.ForfeitAsync("r", onlyIfExpired: true, at: 1000)).Status);
        Assert.Equal(BudgetStatus.Replayed, (await Store.RenewAsync("r", 2000)).Status);
        var expiresAt = (await Store.FindReservationAsync(new ReservationId("r"), default))!.ExpiresAt;
        Assert.Equal(HasOwnClock ? renewed.Reservation!.ExpiresAt : StoreSteps.Second(3000), expiresAt);
        Assert.Equal(BudgetStatus.NotExpired, (await Store.ForfeitAsync("r", onlyIfExpired: true, at: 2999)).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.ForfeitAsync("r", onlyIfExpired: !HasOwnClock, at: 3000)).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.RenewAsync("r", 9900, at: 3100)).Status);
        await AssertBudgetAsync("a", 100, 20, 0, 0);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(365 * 24 * 3600)]
    public async Task Expiry_CallerWhoseClockIsAhead_ForfeitsAHoldOnlyWhereTheStoreHasNoClock(int ahead)
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 20, 20, expires: 300);

        Assert.Equal(HasOwnClock ? [] : ["r"], await ExpiredAsync(ahead));
        Assert.Equal(
            HasOwnClock ? BudgetStatus.NotExpired : BudgetStatus.Applied, (await Store.ForfeitAsync("r", onlyIfExpired: true, at: ahead)).Status);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(365 * 24 * 3600)]
    public async Task Expiry_HoldOfACallerWhoseClockIsAhead_StaysLongerOnlyWhereTheStoreHasNoClock(int ahead)
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 20, 20, at: ahead, expires: ahead);

        Assert.Equal(StoreSteps.Second(ahead), (await Store.FindReservationAsync(new ReservationId("r"), default))!.CreatedAt);
        Assert.Equal(HasOwnClock ? ["r"] : [], await ExpiredAsync(0));
        Assert.Equal(
            HasOwnClock ? BudgetStatus.Applied : BudgetStatus.NotExpired, (await Store.ForfeitAsync("r", onlyIfExpired: true, at: 0)).Status);
    }

    [Fact]
    public async Task FindInFlight_GivesWhatExpiresFirst()
    {
        await Store.SetAsync("a", 100);
        await Store.SetAsync("b", 100);
        await Store.ReserveAsync("a", "late", 1, 1, expires: 3000);
        await Store.ReserveAsync("b", "early", 1, 1, expires: 1000);
        await Store.ReserveAsync("a", "tie 2", 1, 1, expires: 2000);
        await Store.ReserveAsync("a", "tie 1", 1, 1, expires: 2000);
        await Store.ReserveAsync("a", "ended", 1, 1, expires: 500);
        await Store.SettleAsync("ended", 1);

        Assert.Equal(["early", "tie 2", "tie 1", "late"], await IdsAsync(null, null, 10));
        Assert.Equal(["early", "tie 2"], await IdsAsync(null, null, 2));
        Assert.Equal(["tie 2", "tie 1", "late"], await IdsAsync(null, "a", 10));
        Assert.Equal(HasOwnClock ? [] : ["early", "tie 2", "tie 1"], await ExpiredAsync(2000));
        Assert.Empty(await ExpiredAsync(999));
    }

    [Fact]
    public async Task FindInFlight_OfWhatHasExpired_GivesWhatExpiredFirst()
    {
        await Store.SetAsync("a", 100);
        await Store.SetAsync("b", 100);
        await Store.ReserveAsync("a", "alive", 1, 1, expires: 3000);
        await Store.ReserveAsync("a", "second", 1, 1, expires: -1000);
        await Store.ReserveAsync("b", "first", 1, 1, expires: -2000);
        await Store.ReserveAsync("a", "ended", 1, 1, expires: -3000);
        await Store.SettleAsync("ended", 1);

        Assert.Equal(["first", "second"], await IdsAsync(StoreSteps.Start, null, 10));
        Assert.Equal(["first"], await IdsAsync(StoreSteps.Start, null, 1));
        Assert.Equal(["second"], await IdsAsync(StoreSteps.Start, "a", 10));
        Assert.Equal(["first", "second", "alive"], await IdsAsync(null, null, 10));
    }

    private Task<IEnumerable<string>> ExpiredAsync(int second) => IdsAsync(StoreSteps.Second(second), agent: null, limit: 10);

    private async Task<IEnumerable<string>> IdsAsync(DateTimeOffset? expiredAt, string? agent, int limit) =>
        (await Store.FindInFlightAsync(expiredAt, agent is null ? (AgentId?)null : new AgentId(agent), limit, default))
            .Select(reservation => reservation.Id.Value);
}
