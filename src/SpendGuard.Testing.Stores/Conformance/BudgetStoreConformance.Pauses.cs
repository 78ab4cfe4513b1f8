using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    [Theory]
    [InlineData("agent")]
    [InlineData("team")]
    [InlineData("department")]
    [InlineData("org")]
    public async Task Pause_OnAnyLevel_RefusesWhatIsBelow_UntilItIsResumed(string node)
    {
        await MakeFourLevelsAsync();
        await Store.SetAsync("beside", 100);
        await Store.ReserveAsync("agent", "r", 10, 10);

        var paused = await Store.PauseAsync(node, "a reason");
        Assert.Equal((BudgetStatus.Applied, new Pause(TreeSteps.By, "a reason", StoreSteps.Start)), (paused.Status, paused.Node!.Pause));
        Assert.Equal(BudgetStatus.Replayed, (await Store.PauseAsync(node, "another")).Status);
        var refused = await Store.ReserveAsync("agent", "r2", 1, 1);
        Assert.Equal((BudgetStatus.Paused, new NodeId(node)), (refused.Status, refused.Node?.Id));
        Assert.Equal(new Pause(TreeSteps.By, "a reason", StoreSteps.Start), refused.Node!.Pause);
        Assert.Equal(paused.Node, (await Store.PathAsync(node))[0].Node);

        // What is in flight goes on and ends as it would have, and nobody beside is stopped.
        Assert.Equal(BudgetStatus.Applied, (await Store.RenewAsync("r", 9000)).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.SettleAsync("r", 5)).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("beside", "r3", 1, 1)).Status);

        Assert.Equal((BudgetStatus.Applied, null), (await Store.ResumeAsync(node) is var resumed ? resumed.Status : default, resumed.Node!.Pause));
        Assert.Equal(BudgetStatus.Replayed, (await Store.ResumeAsync(node)).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "r2", 1, 1)).Status);
        await AssertAccountsAsync(spent: 5, held: 1);
        Assert.Equal(BudgetStatus.NoNode, (await Store.PauseAsync("nobody")).Status);
        Assert.Equal(BudgetStatus.NoNode, (await Store.ResumeAsync("nobody")).Status);

        var entries = (await Store.LedgerAsync()).Where(entry => entry.Kind is LedgerEntryKind.Paused or LedgerEntryKind.Resumed).ToList();
        Assert.Equal([LedgerEntryKind.Paused, LedgerEntryKind.Resumed], entries.Select(entry => entry.Kind));
        Assert.Equal((node, "a reason", TreeSteps.By), (entries[0].Agent?.Value ?? entries[0].Group!.Value.Value, entries[0].Reason, entries[0].By));
        Assert.Equal(node == "agent", entries.All(entry => entry.Agent is not null));
    }

    [Fact]
    public async Task Pause_OfAnAgent_LeavesTheBalanceInItsLedger()
    {
        await Store.SetAsync("agent", 100);
        await Store.ReserveAsync("agent", "r", 30, 30);
        await Store.PauseAsync("agent");
        var last = (await Store.LedgerAsync("agent"))[^1];
        Assert.Equal((LedgerEntryKind.Paused, 100, 30), (last.Kind, last.Granted.Microcents, last.Held.Microcents));
        Assert.Equal(BudgetStatus.Applied, (await Store.SetAsync("agent", 200)).Status);
    }

    [Fact]
    public async Task NodeCommands_OnAnAgentWithoutABudget_LeaveItWithoutOne()
    {
        await Store.GroupAsync("g");
        await Store.AgentAsync("agent");
        await Store.PauseAsync("agent");
        await Store.ResumeAsync("agent");
        await Store.MoveAsync("agent", "g");
        await Store.LimitAsync("agent", Limit.PerYear(StoreSteps.Amount(10)));
        await Store.RemoveLimitAsync("agent", "year");

        Assert.Null(await Store.FindBudgetAsync("agent", default));
        Assert.Equal(5, (await Store.LedgerAsync("agent")).Count);
        Assert.Equal(BudgetStatus.NoBudget, (await Store.ReserveAsync("agent", "r", 0, 1)).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.SetAsync("agent", 10)).Status);
    }

    [Fact]
    public async Task Breaker_PausesInTheStepThatRefuses_AndLeavesAnEntry()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)).ThatPauses());
        await Store.SetAsync("agent", 1000);
        await Store.ReserveAsync("agent", "r", 60, 60);
        var before = (await Store.LedgerAsync()).Count;

        // It would fit once the call in flight ends: nothing to pause for.
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("agent", "r2", 41, 41)).Status);
        await Store.SettleAsync("r", 60);
        var broken = await Store.ReserveAsync("agent", "r2", 41, 41);

        Assert.Equal((BudgetStatus.Paused, before + 2, new AccountKey("team", "year", 1)), (broken.Status, broken.Sequence, broken.Account?.Key));
        Assert.Equal(("team", "breaker"), (broken.Node?.Id.Value, broken.Node?.Pause?.By));
        Assert.Equal(broken.Node, (await Store.PathAsync("team"))[0].Node);
        var entry = (await Store.LedgerAsync())[^1];
        Assert.Equal((LedgerEntryKind.Paused, new NodeId("team"), null, "breaker"), (entry.Kind, entry.Group, entry.Agent, entry.By));
        Assert.Equal((0, 0, 0, 0), (entry.HardLimit.Microcents, entry.Granted.Microcents, entry.Spent.Microcents, entry.Held.Microcents));
        Assert.Contains($"{StoreSteps.Amount(60)}", entry.Reason, StringComparison.Ordinal);
        Assert.Equal(0, (await Store.ReserveAsync("agent", "small", 1, 1) is var small ? small.Sequence : -1));
        Assert.Equal(BudgetStatus.Paused, small.Status);
        Assert.Null(await Store.FindReservationAsync(new ReservationId("r2"), default));

        await Store.ResumeAsync("team");
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "small", 1, 1)).Status);
        Assert.Equal(BudgetStatus.Paused, (await Store.ReserveAsync("agent", "r2", 41, 41)).Status);
    }

    [Fact]
    public async Task Breaker_OfAnAgent_LeavesItsBalanceInItsLedger()
    {
        await Store.AgentAsync("agent");
        await Store.LimitAsync("agent", Limit.PerYear(StoreSteps.Amount(10)).ThatPauses());
        var first = await Store.ReserveAsync("agent", "r", 11, 11);
        Assert.Equal((BudgetStatus.Paused, "agent"), (first.Status, first.Node?.Id.Value));
        Assert.Null(await Store.FindBudgetAsync("agent", default));
        await Store.ResumeAsync("agent");
        await Store.ReserveAsync("agent", "r", 7, 7);
        Assert.Equal(BudgetStatus.Paused, (await Store.ReserveAsync("agent", "r2", 11, 11)).Status);
        var entry = (await Store.LedgerAsync("agent"))[^1];
        Assert.Equal((LedgerEntryKind.Paused, 7, 7), (entry.Kind, entry.Granted.Microcents, entry.Held.Microcents));
        Assert.Equal(BudgetStatus.Applied, (await Store.SettleAsync("r", 7)).Status);
    }

    [Fact]
    public async Task Breaker_IsNotTrippedByACallThatMayAskForLess()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)).ThatPauses());
        await Store.SetAsync("agent", 1000);
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("agent", "r", 101, 200, whole: true, tentative: true)).Status);
        Assert.Null((await Store.PathAsync("team"))[0].Node.Pause);
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "r", 60, 200)).Status);
    }

    [Fact]
    public async Task Breaker_PausesWhereItRefuses_AndNotWhereAnotherLimitDoes()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)).ThatPauses());
        await Store.SetAsync("agent", 50);
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("agent", "r", 60, 60)).Status);
        Assert.Null((await Store.PathAsync("team"))[0].Node.Pause);
    }

    [Fact]
    public async Task Breaker_ThatIsFull_PausesAlsoWhereAnotherLimitIsTighter_TheNearestToTheAgent()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)).ThatPauses());
        await Store.LimitAsync("org", Limit.PerYear(StoreSteps.Amount(90)).ThatPauses());
        await Store.MoveAsync("team", "org");
        await Store.SetAsync("agent", 10);

        var nearest = await Store.ReserveAsync("agent", "r", 101, 101);
        Assert.Equal((BudgetStatus.Paused, "team", new AccountKey("team", "year", 1)), (nearest.Status, nearest.Node?.Id.Value, nearest.Account?.Key));
        Assert.Null((await Store.PathAsync("org"))[0].Node.Pause);

        await Store.ResumeAsync("team");
        var above = await Store.ReserveAsync("agent", "r", 91, 91);
        Assert.Equal((BudgetStatus.Paused, "org", new AccountKey("org", "year", 1)), (above.Status, above.Node?.Id.Value, above.Account?.Key));

        await Store.ResumeAsync("org");
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("agent", "r", 90, 90)).Status);
    }
}
