using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    [Fact]
    public async Task SetLimit_IsFoundAndEntered_AndTheSameAgainIsReplayed()
    {
        await Store.GroupAsync("g");
        var limit = Limit.PerMonth(StoreSteps.Amount(100), "Europe/Berlin");

        var answer = await Store.LimitAsync("g", limit);

        Assert.Equal((BudgetStatus.Applied, 2), (answer.Status, answer.Sequence));
        Assert.Equal("g", answer.Node!.Id.Value);
        var found = Assert.Single((await Store.PathAsync("g"))[0].Limits);
        Assert.Equal(limit, found.Limit);
        Assert.Null(found.Account);
        var entry = (await Store.LedgerAsync())[1];
        Assert.Equal(
            (LedgerEntryKind.LimitSet, null, new NodeId("g"), "month (Europe/Berlin)", 100, TreeSteps.By),
            (entry.Kind, entry.Agent, entry.Group, entry.Limit, entry.Amount.Microcents, entry.By));
        Assert.Equal(BudgetStatus.Replayed, (await Store.LimitAsync("g", Limit.PerMonth(StoreSteps.Amount(100), "Europe/Berlin"))).Status);
        Assert.Equal(2, (await Store.LedgerAsync()).Count);
    }

    [Fact]
    public async Task SetLimit_OfTheSameWindow_TakesItsPlace()
    {
        await Store.GroupAsync("g");
        await Store.LimitAsync("g", Limit.PerMonth(StoreSteps.Amount(100)));
        await Store.LimitAsync("g", Limit.PerYear(StoreSteps.Amount(900)));

        foreach (var limit in (Limit[])
            [
                Limit.PerMonth(StoreSteps.Amount(50)),
                Limit.PerMonth(StoreSteps.Amount(50), "Asia/Tokyo"),
                Limit.PerMonth(StoreSteps.Amount(50), "Asia/Tokyo").ThatPauses(),
            ])
        {
            Assert.Equal(BudgetStatus.Applied, (await Store.LimitAsync("g", limit)).Status);
            Assert.Equal([limit, Limit.PerYear(StoreSteps.Amount(900))], (await Store.PathAsync("g"))[0].Limits.Select(state => state.Limit).OrderBy(known => known.Window.Name, StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task SetLimit_OfAnIdThatIsNotKnown_MakesAGroup()
    {
        var answer = await Store.LimitAsync("team-red", Limit.PerMonth(StoreSteps.Amount(100)));

        Assert.Equal((BudgetStatus.Applied, NodeKind.Group, 1), (answer.Status, answer.Node!.Kind, answer.Sequence));
        Assert.Equal(answer.Node, (await Store.PathAsync("team-red"))[0].Node);
        Assert.Equal(BudgetStatus.Applied, (await Store.AgentAsync("agent", under: "team-red")).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "r", 100, 200)).Status);
        Assert.Equal(BudgetStatus.NoNode, (await Store.RemoveLimitAsync("nobody", "month")).Status);
    }

    [Fact]
    public async Task SetLimit_TheNinth_IsRefused()
    {
        await Store.SetAsync("agent", 100);
        for (var hour = 1; hour <= 8; hour++)
        {
            Assert.Equal(BudgetStatus.Applied, (await Store.LimitAsync("agent", Limit.Rolling(StoreSteps.Amount(hour), TimeSpan.FromHours(hour)))).Status);
        }

        Assert.Equal(BudgetStatus.TooManyLimits, (await Store.LimitAsync("agent", Limit.PerDay(StoreSteps.Amount(1)))).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.LimitAsync("agent", Limit.Total(StoreSteps.Amount(50)))).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.LimitAsync("agent", Limit.Rolling(StoreSteps.Amount(99), TimeSpan.FromHours(8)))).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.RemoveLimitAsync("agent", "rolling-1h")).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.LimitAsync("agent", Limit.PerDay(StoreSteps.Amount(1)))).Status);
        Assert.Equal(8, (await Store.PathAsync("agent"))[0].Limits.Count);
    }

    [Fact]
    public async Task RemoveLimit_LetsThrough_AndSetAgainGoesOnWithTheOpenWindow()
    {
        await Store.SetAsync("agent", 1000);
        await Store.GroupAsync("g");
        await Store.MoveAsync("agent", "g");
        await Store.LimitAsync("g", Limit.PerYear(StoreSteps.Amount(100)));
        await Store.ReserveAsync("agent", "spent", 60, 60);
        await Store.SettleAsync("spent", 60);

        var removed = await Store.RemoveLimitAsync("g", "year");
        Assert.Equal(BudgetStatus.Applied, removed.Status);
        Assert.Equal(BudgetStatus.NoLimit, (await Store.RemoveLimitAsync("g", "year")).Status);
        Assert.Equal(BudgetStatus.NoLimit, (await Store.RemoveLimitAsync("g", "total")).Status);
        Assert.Empty((await Store.PathAsync("g"))[0].Limits);
        var entry = (await Store.LedgerAsync())[^1];
        Assert.Equal((LedgerEntryKind.LimitRemoved, new NodeId("g"), "year (UTC)", 100), (entry.Kind, entry.Group, entry.Limit, entry.Amount.Microcents));
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "free", 500, 500)).Status);

        Assert.Equal(BudgetStatus.Applied, (await Store.LimitAsync("g", Limit.PerYear(StoreSteps.Amount(80)))).Status);
        Assert.Equal(20, (await Store.ReserveAsync("agent", "again", 1, 50)).Reservation!.Held.Microcents);
        var account = await Store.AccountAsync("g", "year");
        Assert.Equal((1, 80, 60, 20), (account.Number, account.Amount.Microcents, account.Spent.Microcents, account.Held.Microcents));
    }

    [Fact]
    public async Task AgentsTotal_IsItsBudget_BothWays()
    {
        await Store.AgentAsync("agent");
        var set = await Store.LimitAsync("agent", Limit.Total(StoreSteps.Amount(100)));
        Assert.Equal((BudgetStatus.Applied, 100, 100), (set.Status, set.Budget!.HardLimit.Microcents, set.Budget.Granted.Microcents));
        Assert.Empty((await Store.PathAsync("agent"))[0].Limits);
        Assert.Equal(BudgetStatus.Replayed, (await Store.LimitAsync("agent", Limit.Total(StoreSteps.Amount(100)))).Status);
        await Store.ReserveAsync("agent", "r", 30, 30);
        await Store.SettleAsync("r", 30);

        // With what it has spent, unlike a top-up.
        Assert.Equal(20, (await Store.LimitAsync("agent", Limit.Total(StoreSteps.Amount(50)))).Budget!.Remaining.Microcents);
        Assert.Equal(40, (await Store.SetAsync("agent", 50, topUp: 20)).Budget!.Remaining.Microcents);

        var removed = await Store.RemoveLimitAsync("agent", "total");
        Assert.Equal((BudgetStatus.Applied, false), (removed.Status, removed.Budget!.IsSet));
        Assert.Equal(BudgetStatus.NoLimit, (await Store.RemoveLimitAsync("agent", "total")).Status);
        Assert.Equal(BudgetStatus.NoBudget, (await Store.ReserveAsync("agent", "none", 0, 1)).Status);
        await Store.LimitAsync("agent", Limit.PerYear(StoreSteps.Amount(500)));
        Assert.Equal(200, (await Store.ReserveAsync("agent", "r2", 1, 200)).Reservation!.Held.Microcents);

        var again = await Store.LimitAsync("agent", Limit.Total(StoreSteps.Amount(300)));
        Assert.Equal((300, 30, 200), (again.Budget!.Granted.Microcents, again.Budget.Spent.Microcents, again.Budget.Held.Microcents));
        Assert.Equal(70, (await Store.ReserveAsync("agent", "r3", 1, 200)).Reservation!.Held.Microcents);
    }

    [Fact]
    public async Task AgentsTotal_OfZero_StopsAnAgentThatHadNone()
    {
        await Store.LimitAsync("g", Limit.PerYear(StoreSteps.Amount(100)));
        await Store.AgentAsync("agent", under: "g");

        var set = await Store.LimitAsync("agent", Limit.Total(StoreSteps.Amount(0)));

        Assert.Equal((BudgetStatus.Applied, 0), (set.Status, set.Budget?.HardLimit.Microcents));
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("agent", "r", 1, 1)).Status);
        Assert.Equal(BudgetStatus.Replayed, (await Store.LimitAsync("agent", Limit.Total(StoreSteps.Amount(0)))).Status);
    }

    [Fact]
    public async Task Budget_SetLater_DoesNotTakeWhatWasSpentUnderTheGroup()
    {
        await Store.LimitAsync("g", Limit.Total(StoreSteps.Amount(1000)));
        await Store.AgentAsync("agent", under: "g");
        await Store.ReserveAsync("agent", "spent", 40, 40);
        await Store.SettleAsync("spent", 40);
        await Store.ReserveAsync("agent", "held", 70, 70);
        await AssertBudgetAsync("agent", 110, 40, 70, 1);
        Assert.False((await Store.BudgetAsync("agent")).IsSet);

        await Store.SetAsync("agent", 50);

        // What is held is its own, and no more than that is left.
        await AssertBudgetAsync("agent", 110, 40, 70, 1);
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("agent", "r", 1, 1)).Status);
        await Store.ReleaseAsync("held");
        await AssertBudgetAsync("agent", 90, 40, 0, 0);
        Assert.Equal(50, (await Store.ReserveAsync("agent", "r", 1, 80)).Reservation!.Held.Microcents);
    }

    [Fact]
    public async Task FirstLimitOfAnAgent_HasWhatWasSaidOfItsCalls()
    {
        await Store.AgentAsync("agent");
        var first = await Store.ApplyAsync(
            new SetLimit("agent", Limit.Total(StoreSteps.Amount(100)), StoreSteps.Start) { FirstMaxInFlight = 2, FirstMaxCallShare = 25 }, default);
        var second = await Store.ApplyAsync(
            new SetLimit("agent", Limit.Total(StoreSteps.Amount(200)), StoreSteps.Start) { FirstMaxInFlight = 7, FirstMaxCallShare = 7 }, default);

        Assert.Equal((2, 25), (first.Budget!.MaxInFlight, first.Budget.MaxCallShare));
        Assert.Equal((2, 25), (second.Budget!.MaxInFlight, second.Budget.MaxCallShare));
    }
}
