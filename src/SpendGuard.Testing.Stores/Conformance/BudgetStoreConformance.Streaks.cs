using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    [Fact]
    public async Task IdenticalCalls_AreSetEnteredShownAndRemoved_AndTheSameAgainIsReplayed()
    {
        await Store.AgentAsync("agent");

        var set = await Store.IdenticalCallsAsync("agent", 5);

        Assert.Equal((BudgetStatus.Applied, 5), (set.Status, set.Node?.IdenticalCalls));
        Assert.Equal(5, (await Store.PathAsync("agent"))[0].Node.IdenticalCalls);
        Assert.Equal(5, (await Store.ListNodesAsync(null, 10, default))[0].Node.IdenticalCalls);
        Assert.Equal(BudgetStatus.Replayed, (await Store.IdenticalCallsAsync("agent", 5)).Status);
        await Store.PauseAsync("agent");
        await Store.ResumeAsync("agent");
        Assert.Equal(5, (await Store.PathAsync("agent"))[0].Node.IdenticalCalls);

        var removed = await Store.IdenticalCallsAsync("agent", null);

        Assert.Equal(BudgetStatus.Applied, removed.Status);
        Assert.Null((await Store.PathAsync("agent"))[0].Node.IdenticalCalls);
        Assert.Equal(
            [(LedgerEntryKind.BreakerSet, "5 identical calls", TreeSteps.By), (LedgerEntryKind.BreakerSet, null, TreeSteps.By)],
            (await Store.LedgerAsync("agent")).Where(entry => entry.Kind == LedgerEntryKind.BreakerSet).Select(entry => (entry.Kind, entry.Limit, entry.By)));
    }

    [Fact]
    public async Task IdenticalCalls_OfAnIdThatIsNotKnown_MakeAGroup_AndOfOneThatIsGone_AreRefused()
    {
        Assert.Equal(BudgetStatus.NoNode, (await Store.IdenticalCallsAsync("team", null)).Status);
        var answer = await Store.IdenticalCallsAsync("team", 2);
        Assert.Equal((BudgetStatus.Applied, NodeKind.Group), (answer.Status, answer.Node!.Kind));
        await Store.DeleteGroupAsync("team");
        Assert.Equal(BudgetStatus.NoNode, (await Store.IdenticalCallsAsync("team", 3)).Status);
    }

    [Fact]
    public async Task IdenticalCalls_TheNthInARow_IsRefusedAndPausesItsAgent_AndAfterItAsManyAreCountedAnew()
    {
        await Store.SetAsync("agent", 100);
        await Store.IdenticalCallsAsync("agent", 3);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", $"{round} 1", 1, 1, call: 'a')).Status);
            Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", $"{round} 2", 1, 1, call: 'a')).Status);

            var third = await Store.ReserveAsync("agent", $"{round} 3", 1, 1, call: 'a');

            Assert.Equal((BudgetStatus.Paused, "agent"), (third.Status, third.Node?.Id.Value));
            Assert.Equal(("breaker", "3 identical calls in a row in run run"), (third.Node!.Pause!.By, third.Node.Pause.Reason));
            Assert.Null(await Store.FindReservationAsync(new ReservationId($"{round} 3"), default));
            var entry = (await Store.LedgerAsync("agent"))[^1];
            Assert.Equal((LedgerEntryKind.Paused, third.Sequence, third.Node.Pause.Reason), (entry.Kind, entry.Sequence, entry.Reason));
            Assert.Equal(BudgetStatus.Paused, (await Store.ReserveAsync("agent", "other", 1, 1, call: 'b')).Status);
            await Store.ResumeAsync("agent");
        }
    }

    [Fact]
    public async Task IdenticalCalls_AreOfOneRun_AndAnotherCallBetweenThemBeginsAnew()
    {
        await Store.SetAsync("agent", 100);
        await Store.SetAsync("other", 100);
        await Store.IdenticalCallsAsync("agent", 2);
        await Store.IdenticalCallsAsync("other", 2);

        foreach (var (id, agent, run, call) in ((string, string, string?, char?)[])
            [
                ("1", "agent", "run", 'a'), ("2", "agent", "run 2", 'a'), ("3", "other", "run", 'a'), ("4", "agent", "run", 'b'), ("5", "agent", "run", 'a'),
                ("6", "agent", null, 'a'), ("7", "agent", null, 'a'), ("8", "agent", "run 3", null), ("9", "agent", "run 3", null),
            ])
        {
            Assert.Equal((id, BudgetStatus.Applied), (id, (await Store.ReserveAsync(agent, id, 1, 1, run: run, call: call)).Status));
        }

        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "without", 1, 1)).Status);
        Assert.Equal(BudgetStatus.Paused, (await Store.ReserveAsync("agent", "again", 1, 1, call: 'a')).Status);
        Assert.Null((await Store.PathAsync("other"))[0].Node.Pause);
    }

    [Fact]
    public async Task IdenticalCalls_OfAGroup_PauseTheAgent_UnlessTheAgentSaysOtherwise()
    {
        await Store.GroupAsync("team");
        await Store.AgentAsync("agent", under: "team");
        await Store.AgentAsync("patient", under: "team");
        await Store.LimitAsync("team", Limit.PerYear(StoreSteps.Amount(100)));
        await Store.IdenticalCallsAsync("team", 2);
        await Store.IdenticalCallsAsync("patient", 3);
        foreach (var agent in (string[])["agent", "patient"])
        {
            Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync(agent, $"{agent} 1", 1, 1, call: 'a')).Status);
        }

        Assert.Equal("agent", (await Store.ReserveAsync("agent", "agent 2", 1, 1, call: 'a')).Node?.Id.Value);
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("patient", "patient 2", 1, 1, call: 'a')).Status);
        Assert.Equal(BudgetStatus.Paused, (await Store.ReserveAsync("patient", "patient 3", 1, 1, call: 'a')).Status);
        Assert.Null((await Store.PathAsync("team"))[0].Node.Pause);
    }

    [Fact]
    public async Task IdenticalCalls_ThatAreRefusedOrSentTwice_CountForNothing()
    {
        await Store.SetAsync("agent", 10);
        await Store.IdenticalCallsAsync("agent", 3);
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "1", 4, 4, call: 'a')).Status);
        Assert.Equal(BudgetStatus.Replayed, (await Store.ReserveAsync("agent", "1", 4, 4, call: 'a')).Status);
        Assert.Equal(BudgetStatus.Replayed, (await Store.ReserveAsync("agent", "1", 4, 4, call: 'a')).Status);
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("agent", "2", 11, 11, call: 'a')).Status);
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("agent", "2", 8, 8, call: 'a')).Status);
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("agent", "2", 11, 11, call: 'b')).Status);

        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "2", 1, 1, call: 'a')).Status);
        Assert.Equal(BudgetStatus.Paused, (await Store.ReserveAsync("agent", "3", 1, 1, call: 'a')).Status);
    }

    /// <summary>What was made while nobody asked is not missing from the row once somebody asks again.</summary>
    [Fact]
    public async Task IdenticalCalls_GoOnBeingCounted_WhereTheBreakerIsTakenAwayForATime()
    {
        await Store.SetAsync("agent", 100);
        await Store.IdenticalCallsAsync("agent", 3);
        await Store.ReserveAsync("agent", "1", 1, 1, call: 'a');
        await Store.ReserveAsync("agent", "2", 1, 1, call: 'a');
        await Store.IdenticalCallsAsync("agent", null);
        await Store.ReserveAsync("agent", "3", 1, 1, call: 'b');
        await Store.IdenticalCallsAsync("agent", 3);

        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "4", 1, 1, call: 'a')).Status);
    }
}
