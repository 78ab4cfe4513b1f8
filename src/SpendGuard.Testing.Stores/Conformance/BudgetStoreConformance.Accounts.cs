using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    private static readonly string[] FourLevels = ["agent", "team", "department", "org"];
    private static readonly string[] ThreeWindows = ["total", "year", "rolling-6h"];

    [Fact]
    public async Task Reserve_HoldsInEveryAccountOnTheWay_AndItsEndIsBookedInThose()
    {
        await MakeFourLevelsAsync();
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "r", 10, 25, runLimit: 500)).Status);

        var keys = (await Store.FindReservationAsync(new ReservationId("r"), default))!.Accounts;
        Assert.Equal(12, keys.Count);
        Assert.Equal(new AccountKey("agent", "run:run", 1), keys[0]);
        await AssertAccountsAsync(spent: 0, held: 25);

        await Store.SettleAsync("r", 20);
        await AssertAccountsAsync(spent: 20, held: 0);
        await Store.ReserveAsync("agent", "released", 10, 10);
        await Store.ReleaseAsync("released");
        await AssertAccountsAsync(spent: 20, held: 0);
        await Store.ReserveAsync("agent", "forfeited", 10, 10);
        await Store.ForfeitAsync("forfeited", known: 15);
        await AssertAccountsAsync(spent: 35, held: 0);
        await Store.ReserveAsync("agent", "flying", 5, 5);
        await Store.SettleAsync("forfeited", 4);
        await AssertAccountsAsync(spent: 24, held: 5);
    }

    [Fact]
    public async Task Reserve_SentAgain_HoldsOnce_AndItsEndIsBookedOnce()
    {
        await MakeFourLevelsAsync();
        await Store.ReserveAsync("agent", "r", 10, 10);
        Assert.Equal(BudgetStatus.Replayed, (await Store.ReserveAsync("agent", "r", 10, 10)).Status);
        await AssertAccountsAsync(spent: 0, held: 10);
        await Store.SettleAsync("r", 7);
        Assert.Equal(BudgetStatus.Replayed, (await Store.SettleAsync("r", 7)).Status);
        Assert.Equal(BudgetStatus.Ended, (await Store.ReleaseAsync("r")).Status);
        await AssertAccountsAsync(spent: 7, held: 0);
    }

    [Fact]
    public async Task Reserve_TheLeastFreeDecides_AndTheRefusalNamesIt()
    {
        await MakeFourLevelsAsync();
        foreach (var node in FourLevels)
        {
            foreach (var window in ThreeWindows.Where(window => node != "agent" || window != "total"))
            {
                var least = LimitOf(window, 40);
                await Store.LimitAsync(node, least);

                var held = await Store.ReserveAsync("agent", $"{node} {window}", 1, 100);
                Assert.Equal(40, held.Reservation!.Held.Microcents);
                var locked = await Store.ReserveAsync("agent", "locked", 1, 100);
                Assert.Equal((BudgetStatus.Locked, new AccountKey(node, window, 1)), (locked.Status, locked.Account?.Key));
                Assert.Equal((40, 0, 40), (locked.Account!.Amount.Microcents, locked.Account.Spent.Microcents, locked.Account.Held.Microcents));
                var insufficient = await Store.ReserveAsync("agent", "insufficient", 41, 100);
                Assert.Equal((BudgetStatus.Insufficient, new AccountKey(node, window, 1)), (insufficient.Status, insufficient.Account?.Key));
                await Store.ReleaseAsync($"{node} {window}");
                await Store.LimitAsync(node, LimitOf(window, 1000));
            }
        }

        await Store.SetAsync("agent", 40);
        Assert.Null((await Store.ReserveAsync("agent", "insufficient", 41, 100)).Account);
        await Store.ReserveAsync("agent", "r", 1, 100);
        var full = await Store.ReserveAsync("agent", "locked", 1, 100);
        Assert.Equal((BudgetStatus.Locked, null), (full.Status, full.Account));
    }

    [Fact]
    public async Task Reserve_WhereNothingLimits_HasNoBudget()
    {
        await Store.GroupAsync("g");
        await Store.AgentAsync("agent", under: "g");

        Assert.Equal(BudgetStatus.NoBudget, (await Store.ReserveAsync("agent", "r", 0, 1)).Status);
        Assert.Equal(BudgetStatus.NoBudget, (await Store.ReserveAsync("agent", "r", 0, 1, runLimit: 10)).Status);
        Assert.Equal(BudgetStatus.NoBudget, (await Store.ReserveAsync("nobody", "r", 0, 1)).Status);
        await Store.LimitAsync("g", Limit.PerYear(StoreSteps.Amount(10)));
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "r", 0, 1, runLimit: 10)).Status);
        Assert.Equal(BudgetStatus.NoBudget, (await Store.ReserveAsync("nobody", "r2", 0, 1)).Status);
    }

    [Fact]
    public async Task Reserve_ByWhatIsNoAgent_HasNoBudget()
    {
        await Store.LimitAsync("g", Limit.PerYear(StoreSteps.Amount(10)));
        await Store.AgentAsync("gone", under: "g");
        await Store.AgentAsync("limited");
        await Store.LimitAsync("limited", Limit.PerYear(StoreSteps.Amount(10)));
        await Store.DeleteAgentAsync("gone");
        await Store.DeleteAgentAsync("limited");

        foreach (var id in (string[])["g", "gone", "limited"])
        {
            Assert.Equal(BudgetStatus.NoBudget, (await Store.ReserveAsync(id, $"call of {id}", 1, 1)).Status);
            Assert.Null(await Store.FindBudgetAsync(id, default));
        }
    }

    [Fact]
    public async Task Siblings_ShareTheGroupsLimit()
    {
        await Store.LimitAsync("g", Limit.PerYear(StoreSteps.Amount(100)));
        await Store.AgentAsync("one", under: "g");
        await Store.AgentAsync("two", under: "g");
        await Store.SetAsync("two", 30);

        await Store.ReserveAsync("one", "r1", 80, 80);
        Assert.Equal(20, (await Store.ReserveAsync("two", "r2", 1, 50)).Reservation!.Held.Microcents);
        await Store.SettleAsync("r1", 80);
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("two", "r3", 21, 30)).Status);
        await Store.SettleAsync("r2", 20);
        var account = await Store.AccountAsync("g", "year");
        Assert.Equal((100, 0), (account.Spent.Microcents, account.Held.Microcents));
    }

    [Fact]
    public async Task End_AfterAMove_IsBookedWhereTheCallWasHeld()
    {
        await Store.LimitAsync("from", Limit.PerYear(StoreSteps.Amount(100)));
        await Store.LimitAsync("to", Limit.PerYear(StoreSteps.Amount(100)));
        await Store.AgentAsync("agent", under: "from");
        await Store.ReserveAsync("agent", "r", 30, 30);
        await Store.ReserveAsync("agent", "late", 30, 30);
        await Store.ForfeitAsync("late");

        await Store.MoveAsync("agent", "to");
        await Store.ReserveAsync("agent", "r2", 50, 50);
        await Store.SettleAsync("r", 20);
        await Store.SettleAsync("late", 10);

        var (from, to) = (await Store.AccountAsync("from", "year"), await Store.AccountAsync("to", "year"));
        Assert.Equal((30, 0), (from.Spent.Microcents, from.Held.Microcents));
        Assert.Equal((0, 50), (to.Spent.Microcents, to.Held.Microcents));
    }

    [Fact]
    public async Task End_AfterItsLimitOrItsNodeWasTakenAway_IsBookedNevertheless()
    {
        await Store.LimitAsync("org", Limit.Total(StoreSteps.Amount(100)));
        await Store.GroupAsync("team", under: "org");
        await Store.LimitAsync("team", Limit.PerYear(StoreSteps.Amount(100)));
        await Store.AgentAsync("agent", under: "team");
        await Store.ReserveAsync("agent", "r", 30, 30);
        await Store.ReserveAsync("agent", "r2", 30, 30);

        await Store.RemoveLimitAsync("team", "year");
        await Store.SettleAsync("r", 20);
        await Store.LimitAsync("team", Limit.PerYear(StoreSteps.Amount(200)));
        var team = await Store.AccountAsync("team", "year");
        Assert.Equal((20, 30), (team.Spent.Microcents, team.Held.Microcents));

        await Store.DeleteAgentAsync("agent");
        await Store.DeleteGroupAsync("team");
        Assert.Equal(BudgetStatus.Applied, (await Store.SettleAsync("r2", 25)).Status);
        var org = await Store.AccountAsync("org", "total");
        Assert.Equal((45, 0), (org.Spent.Microcents, org.Held.Microcents));
        Assert.Equal(BudgetStatus.NoBudget, (await Store.ReserveAsync("agent", "r3", 1, 1)).Status);
    }

    private static Limit LimitOf(string window, long amount) => Limit.Of(StoreSteps.Amount(amount), LimitWindow.Parse(window));

    private async Task MakeFourLevelsAsync()
    {
        await Store.GroupAsync("org");
        await Store.GroupAsync("department", under: "org");
        await Store.GroupAsync("team", under: "department");
        await Store.AgentAsync("agent", under: "team");
        foreach (var node in FourLevels)
        {
            foreach (var window in ThreeWindows)
            {
                Assert.Equal(BudgetStatus.Applied, (await Store.LimitAsync(node, LimitOf(window, 1000))).Status);
            }
        }
    }

    private async Task AssertAccountsAsync(long spent, long held)
    {
        var path = await Store.PathAsync("agent");
        Assert.Equal(FourLevels, path.Select(state => state.Node.Id.Value));
        Assert.Equal(11, path.Sum(state => state.Limits.Count));
        Assert.All(path.SelectMany(state => state.Limits), limit =>
            Assert.Equal((1000, spent, held), (limit.Account!.Granted.Microcents, limit.Account.Spent.Microcents, limit.Account.Held.Microcents)));
        Assert.Equal((spent, held), (path[0].Budget!.Spent.Microcents, path[0].Budget!.Held.Microcents));
    }
}
