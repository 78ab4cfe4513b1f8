using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    [Fact]
    public async Task Limit_LoweredBelowWhatIsSpentAndHeld_CutsNeitherAndLetsNothingMoreThrough()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)));
        await Store.ReserveAsync("agent", "spent", 30, 30);
        await Store.SettleAsync("spent", 30);
        await Store.ReserveAsync("agent", "held", 50, 50);

        await Store.LimitAsync("team", Limit.PerYear(StoreSteps.Amount(40)));
        await AssertTeamAsync(amount: 40, granted: 80, spent: 30, held: 50);
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("agent", "r", 1, 1)).Status);
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("agent", "r", 11, 11)).Status);

        await Store.SettleAsync("held", 5);
        await AssertTeamAsync(amount: 40, granted: 40, spent: 35, held: 0);
        Assert.Equal(5, (await Store.ReserveAsync("agent", "r", 1, 50)).Reservation!.Held.Microcents);

        await Store.LimitAsync("team", Limit.PerYear(StoreSteps.Amount(10)));
        await AssertTeamAsync(amount: 10, granted: 40, spent: 35, held: 5);
        await Store.LimitAsync("team", Limit.PerYear(StoreSteps.Amount(200)));
        await AssertTeamAsync(amount: 200, granted: 200, spent: 35, held: 5);
        Assert.Equal(160, (await Store.ReserveAsync("agent", "r2", 1, 500)).Reservation!.Held.Microcents);
    }

    [Fact]
    public async Task Limit_OfZero_StopsTheNextCall()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(0)));
        var refused = await Store.ReserveAsync("agent", "r", 1, 1);
        Assert.Equal((BudgetStatus.Insufficient, "team"), (refused.Status, refused.Account?.Node.Value));
    }

    [Fact]
    public async Task ProviderThatBillsMoreThanWasHeld_OverdrawsEveryAccountItWasHeldIn()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)));
        await Store.ReserveAsync("agent", "other", 20, 20);
        await Store.ReserveAsync("agent", "r", 30, 30);
        await Store.SettleAsync("r", 90);

        await AssertTeamAsync(amount: 100, granted: 100, spent: 90, held: 20);
        Assert.True((await Store.AccountAsync("team", "year")).Overdrawn);
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("agent", "r2", 0, 1)).Status);
        await Store.ReleaseAsync("other");
        Assert.False((await Store.AccountAsync("team", "year")).Overdrawn);
        Assert.Equal(10, (await Store.ReserveAsync("agent", "r2", 1, 50)).Reservation!.Held.Microcents);
        await Store.SettleAsync("r2", 500);
        var refused = await Store.ReserveAsync("agent", "r3", 0, 1);
        Assert.Equal((BudgetStatus.Insufficient, new AccountKey("team", "year", 1)), (refused.Status, refused.Account?.Key));
        await AssertTeamAsync(amount: 100, granted: 100, spent: 590, held: 0);
        await Store.LimitAsync("team", Limit.PerYear(StoreSteps.Amount(600)));
        Assert.Equal(10, (await Store.ReserveAsync("agent", "r3", 0, 50)).Reservation!.Held.Microcents);
    }

    [Fact]
    public async Task RunLimit_IsGivenByTheFirstCall_AndAnotherOneIsRefused()
    {
        await Store.SetAsync("a", 1000);
        await Store.SetAsync("b", 1000);
        Assert.Equal(40, (await Store.ReserveAsync("a", "first", 1, 40, run: "r", runLimit: 100)).Reservation!.Held.Microcents);
        var other = await Store.ReserveAsync("a", "other", 1, 10, run: "r", runLimit: 101);
        Assert.Equal((BudgetStatus.OtherRunLimit, 100), (other.Status, other.Account?.Amount.Microcents));
        Assert.Equal(BudgetStatus.OtherRunLimit, (await Store.ReserveAsync("a", "other", 1, 10, run: "r", runLimit: 0)).Status);

        // Whoever says nothing of it is under it too.
        Assert.Equal(60, (await Store.ReserveAsync("a", "second", 1, 80, run: "r")).Reservation!.Held.Microcents);
        var locked = await Store.ReserveAsync("a", "third", 1, 10, run: "r", runLimit: 100);
        Assert.Equal((BudgetStatus.Locked, new AccountKey("a", "run:r", 1)), (locked.Status, locked.Account?.Key));
        await Store.SettleAsync("first", 40);
        await Store.SettleAsync("second", 55);
        var insufficient = await Store.ReserveAsync("a", "third", 6, 10, run: "r");
        Assert.Equal((BudgetStatus.Insufficient, new AccountKey("a", "run:r", 1)), (insufficient.Status, insufficient.Account?.Key));
        Assert.Equal(5, (await Store.ReserveAsync("a", "third", 1, 10, run: "r")).Reservation!.Held.Microcents);

        // Another run, and a run of another agent's by the same id, have their own.
        Assert.Equal(80, (await Store.ReserveAsync("a", "fourth", 1, 80, run: "r2", runLimit: 90)).Reservation!.Held.Microcents);
        Assert.Equal(80, (await Store.ReserveAsync("b", "fifth", 1, 80, run: "r", runLimit: 90)).Reservation!.Held.Microcents);
        Assert.Equal(99, (await Store.ReserveAsync("b", "sixth", 1, 99, run: null)).Reservation!.Held.Microcents);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReserveAsync("b", "seventh", 1, 99, run: null, runLimit: 1));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReserveAsync("b", "seventh", 1, 99, run: "r3", runLimit: -1));
    }

    [Fact]
    public async Task RunLimit_OfARefusedCall_IsNotGiven()
    {
        await Store.SetAsync("a", 10);
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("a", "first", 20, 20, run: "r", runLimit: 100)).Status);
        var refused = await Store.ReserveAsync("a", "first", 9, 9, run: "r", runLimit: 5);
        Assert.Equal((BudgetStatus.Insufficient, new AccountKey("a", "run:r", 1)), (refused.Status, refused.Account?.Key));
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("a", "first", 5, 5, run: "r", runLimit: 7)).Status);
    }

    [Fact]
    public async Task Batch_IsHeldAndEndedInTheAccountsToo()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)));
        await Store.ReserveAsync("agent", "batch", 60, 60, whole: true, requests: 3, cards: "{}");
        await AssertTeamAsync(amount: 100, granted: 100, spent: 0, held: 60);
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("agent", "batch 2", 60, 60, whole: true, requests: 3)).Status);
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("agent", "whole", 1, 50, whole: true)).Status);
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("agent", "whole", 1, 101, whole: true)).Status);
        await Store.SettleAsync("batch", 45);
        await AssertTeamAsync(amount: 100, granted: 100, spent: 45, held: 0);
        await AssertBudgetAsync("agent", 45, 45, 0, 0);
    }

    [Fact]
    public async Task MaxInFlight_RefusesWithoutAnAccount()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)));
        await Store.SetAsync("agent", 1000, maxInFlight: 1);
        await Store.ReserveAsync("agent", "r", 60, 60);
        var full = await Store.ReserveAsync("agent", "r2", 1, 1);
        Assert.Equal((BudgetStatus.Locked, null), (full.Status, full.Account));
        var insufficient = await Store.ReserveAsync("agent", "r2", 101, 101);
        Assert.Equal((BudgetStatus.Insufficient, "team"), (insufficient.Status, insufficient.Account?.Node.Value));
    }

    private async Task MakeTeamAsync(Limit limit)
    {
        await Store.LimitAsync("team", limit);
        await Store.AgentAsync("agent", under: "team");
    }

    private async Task AssertTeamAsync(long amount, long granted, long spent, long held)
    {
        var account = await Store.AccountAsync("team", "year");
        Assert.Equal(
            (amount, granted, spent, held), (account.Amount.Microcents, account.Granted.Microcents, account.Spent.Microcents, account.Held.Microcents));
    }
}
