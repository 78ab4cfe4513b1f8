using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    [Theory]
    [InlineData(20)]
    [InlineData(7)]
    [InlineData(0)]
    [InlineData(150)]
    public async Task Settle_BooksTheWholeChargeAndGivesTheRestBack(long charge)
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 20, 20);

        var answer = await Store.SettleAsync("r", charge);

        Assert.Equal(BudgetStatus.Applied, answer.Status);
        Assert.Equal((ReservationEnd.Settled, charge), (answer.Reservation!.End, answer.Reservation.Charged.Microcents));
        Assert.Equal(answer.Reservation, await Store.FindReservationAsync(new ReservationId("r"), default));
        Assert.Equal(charge > 100, answer.Budget!.Overdrawn);
        await AssertBudgetAsync("a", 100, charge, 0, 0);
    }

    [Fact]
    public async Task Settle_Overrun_ClosesTheBudgetUntilItIsToppedUp()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 20, 20);
        await Store.SettleAsync("r", 150);

        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("a", "r2", 0, 0)).Status);
        await Store.SetAsync("a", 100, topUp: 60);
        Assert.Equal(10, (await Store.ReserveAsync("a", "r2", 1, 50)).Reservation!.Held.Microcents);
    }

    [Fact]
    public async Task Settle_NegativeCharge_IsRefused()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 20, 20);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.SettleAsync("r", -1));

        await AssertBudgetAsync("a", 100, 0, 20, 1);
    }

    [Fact]
    public async Task End_Again_IsReplayedWhenItIsTheSameAndRefusedOtherwise()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "settled", 20, 20);
        await Store.ReserveAsync("a", "released", 20, 20);
        await Store.SettleAsync("settled", 5);
        await Store.ReleaseAsync("released");

        Assert.Equal(BudgetStatus.Replayed, (await Store.SettleAsync("settled", 5)).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.SettleAsync("settled", 6)).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.ReleaseAsync("settled")).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.ForfeitAsync("settled")).Status);
        Assert.Equal(BudgetStatus.Replayed, (await Store.ReleaseAsync("released")).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.SettleAsync("released", 0)).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.ForfeitAsync("released")).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.RenewAsync("released", 900)).Status);
        Assert.Equal(BudgetStatus.NoReservation, (await Store.SettleAsync("none", 0)).Status);
        Assert.Equal(BudgetStatus.NoReservation, (await Store.ReleaseAsync("none")).Status);
        await AssertBudgetAsync("a", 100, 5, 0, 0);
        Assert.Equal(5, (await Store.LedgerAsync()).Count);
    }

    [Fact]
    public async Task Forfeit_BooksTheWholeHold()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 10, 20);

        Assert.Equal(20, (await Store.ForfeitAsync("r")).Reservation!.Charged.Microcents);
        Assert.Equal(BudgetStatus.Replayed, (await Store.ForfeitAsync("r")).Status);
        Assert.Equal(BudgetStatus.Replayed, (await Store.ForfeitAsync("r", onlyIfExpired: true)).Status);
        await AssertBudgetAsync("a", 100, 20, 0, 0);
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(19, 20)]
    [InlineData(20, 20)]
    [InlineData(21, 21)]
    [InlineData(150, 150)]
    public async Task Forfeit_BooksTheGreaterOfTheHoldAndOfWhatIsKnown(long known, long booked)
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 10, 20);

        var answer = await Store.ForfeitAsync("r", known: known);

        Assert.Equal((BudgetStatus.Applied, ReservationEnd.Forfeited, booked), (answer.Status, answer.Reservation!.End, answer.Reservation.Charged.Microcents));
        Assert.Equal(answer.Reservation, await Store.FindReservationAsync(new ReservationId("r"), default));
        Assert.Equal(booked > 100, answer.Budget!.Overdrawn);
        var entry = (await Store.LedgerAsync())[^1];
        Assert.Equal((LedgerEntryKind.Forfeited, booked), (entry.Kind, entry.Amount.Microcents));
        Assert.Equal(BudgetStatus.Replayed, (await Store.ForfeitAsync("r", known: known)).Status);
        await AssertBudgetAsync("a", 100, booked, 0, 0);
    }

    [Fact]
    public async Task Forfeit_WhenMoreBecomesKnown_RaisesTheForfeitAndNeverLowersIt()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 20, 20, expires: 0);
        await Store.ForfeitAsync("r", onlyIfExpired: true, at: 11);

        var late = await Store.ForfeitAsync("r", known: 70, at: 12);

        Assert.Equal((BudgetStatus.Applied, ReservationEnd.Forfeited), (late.Status, late.Reservation!.End));
        var entry = (await Store.LedgerAsync())[^1];
        Assert.Equal((LedgerEntryKind.Corrected, 70), (entry.Kind, entry.Amount.Microcents));
        Assert.Equal(BudgetStatus.Replayed, (await Store.ForfeitAsync("r", known: 70)).Status);
        Assert.Equal(BudgetStatus.Replayed, (await Store.ForfeitAsync("r", known: 69)).Status);
        Assert.Equal(BudgetStatus.Replayed, (await Store.ForfeitAsync("r", onlyIfExpired: true, at: 13)).Status);
        await AssertBudgetAsync("a", 100, 70, 0, 0);

        Assert.Equal(BudgetStatus.Applied, (await Store.SettleAsync("r", 30)).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.ForfeitAsync("r", known: 90)).Status);
        await AssertBudgetAsync("a", 100, 30, 0, 0);
    }

    [Fact]
    public async Task Forfeit_NegativeKnown_IsRefused()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 20, 20);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ForfeitAsync("r", known: -1));

        await AssertBudgetAsync("a", 100, 0, 20, 1);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(500)]
    public async Task Settle_AfterForfeit_CorrectsItOnce(long charge)
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 20, 20);
        await Store.ForfeitAsync("r");

        var late = await Store.SettleAsync("r", charge);

        Assert.Equal(BudgetStatus.Applied, late.Status);
        Assert.Equal(LedgerEntryKind.Corrected, (await Store.LedgerAsync())[^1].Kind);
        Assert.Equal(BudgetStatus.Replayed, (await Store.SettleAsync("r", charge)).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.SettleAsync("r", charge + 1)).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.ReleaseAsync("r")).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.ForfeitAsync("r")).Status);
        await AssertBudgetAsync("a", 100, charge, 0, 0);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public async Task Settle_AfterForfeit_GivesBackNoMoreThanALimitThatWasLowered(long charge)
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 20, 20);
        await Store.ForfeitAsync("r");
        await Store.SetAsync("a", 3);

        await Store.SettleAsync("r", charge);

        await AssertBudgetAsync("a", charge + 3, charge, 0, 0);
        Assert.Equal(3, (await Store.ReserveAsync("a", "next", 1, 50)).Reservation!.Held.Microcents);
    }

    [Fact]
    public async Task Release_AfterForfeit_CorrectsItOnce()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 20, 20);
        await Store.ForfeitAsync("r");

        Assert.Equal(BudgetStatus.Applied, (await Store.ReleaseAsync("r")).Status);
        Assert.Equal(BudgetStatus.Replayed, (await Store.ReleaseAsync("r")).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.SettleAsync("r", 3)).Status);
        await AssertBudgetAsync("a", 100, 0, 0, 0);
    }
}
