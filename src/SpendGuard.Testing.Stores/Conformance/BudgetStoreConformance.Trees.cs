using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    [Fact]
    public async Task CreateGroup_New_IsFoundAndEntered()
    {
        await Store.GroupAsync("org");
        var answer = await Store.GroupAsync("team", under: "org", name: "Team");

        Assert.Equal((BudgetStatus.Applied, 2), (answer.Status, answer.Sequence));
        Assert.Equal(
            new Node { Id = "team", Kind = NodeKind.Group, Name = "Team", Parent = new NodeId("org"), CreatedAt = StoreSteps.Start }, answer.Node);
        Assert.Equal(["team", "org"], (await Store.PathAsync("team")).Select(state => state.Node.Id.Value));
        Assert.Equal(answer.Node, (await Store.PathAsync("team"))[0].Node);
        Assert.Null(await Store.FindAgentAsync("team", default));
        var entry = (await Store.LedgerAsync())[1];
        Assert.Equal(
            (LedgerEntryKind.GroupCreated, null, new NodeId("team"), new NodeId("org"), TreeSteps.By), (entry.Kind, entry.Agent, entry.Group, entry.Under, entry.By));
        Assert.Empty(await Store.PathAsync("nobody"));
    }

    [Fact]
    public async Task CreateGroup_SameAgain_IsReplayed_AndAConflictOtherwise()
    {
        await Store.GroupAsync("org");
        await Store.GroupAsync("team", under: "org", name: "Team");
        await Store.AgentAsync("agent");

        Assert.Equal(BudgetStatus.Replayed, (await Store.GroupAsync("team", under: "org", name: "Team")).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.GroupAsync("team", under: "org", name: "Other")).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.GroupAsync("team", name: "Team")).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.GroupAsync("agent")).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.AgentAsync("team")).Status);
        Assert.Equal(BudgetStatus.NoAgent, (await Store.SetAsync("team", 100)).Status);
        Assert.Equal(2, (await Store.LedgerAsync()).Count);
    }

    [Fact]
    public async Task Deleted_IdIsNotGivenOutAgain()
    {
        await Store.GroupAsync("group");
        await Store.AgentAsync("agent");
        Assert.Equal(BudgetStatus.Applied, (await Store.DeleteGroupAsync("group")).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.DeleteAgentAsync("agent")).Status);

        foreach (var id in (string[])["group", "agent"])
        {
            Assert.Equal(BudgetStatus.Conflict, (await Store.GroupAsync(id)).Status);
            Assert.Equal(BudgetStatus.Conflict, (await Store.AgentAsync(id)).Status);
            Assert.Equal(BudgetStatus.NoAgent, (await Store.SetAsync(id, 100)).Status);
            Assert.Equal(BudgetStatus.NoNode, (await Store.LimitAsync(id, Limit.Total(StoreSteps.Amount(1)))).Status);
            Assert.Equal(BudgetStatus.NoNode, (await Store.LimitAsync(id, Limit.PerYear(StoreSteps.Amount(1)))).Status);
            Assert.Equal(BudgetStatus.NoNode, (await Store.MoveAsync(id, null)).Status);
            Assert.Equal(BudgetStatus.NoNode, (await Store.PauseAsync(id)).Status);
            Assert.Equal(BudgetStatus.NoNode, (await Store.RemoveLimitAsync(id, "year")).Status);
            Assert.Equal(BudgetStatus.NoNode, (await Store.DeleteGroupAsync(id)).Status);
        }

        Assert.Empty(await Store.ListNodesAsync(after: null, 10, default));
    }

    [Fact]
    public async Task Under_WhatIsNoGroup_IsRefused()
    {
        await Store.GroupAsync("gone");
        await Store.DeleteGroupAsync("gone");
        await Store.AgentAsync("agent");

        foreach (var under in (string[])["nobody", "gone", "agent"])
        {
            Assert.Equal(BudgetStatus.NoGroup, (await Store.GroupAsync("new", under)).Status);
            Assert.Equal(BudgetStatus.NoGroup, (await Store.AgentAsync("new", under)).Status);
            Assert.Equal(BudgetStatus.NoGroup, (await Store.MoveAsync("agent", under)).Status);
        }

        Assert.Empty(await Store.PathAsync("new"));
        Assert.Null((await Store.PathAsync("agent"))[0].Node.Parent);
    }

    [Fact]
    public async Task Groups_AreEightDeepAtMost()
    {
        for (var level = 1; level <= 8; level++)
        {
            Assert.Equal(BudgetStatus.Applied, (await Store.GroupAsync($"g{level}", level == 1 ? null : $"g{level - 1}")).Status);
        }

        await Store.GroupAsync("two");
        await Store.GroupAsync("deep", under: "two");

        Assert.Equal(BudgetStatus.TooDeep, (await Store.GroupAsync("g9", under: "g8")).Status);
        Assert.Equal(BudgetStatus.TooDeep, (await Store.MoveAsync("two", under: "g7")).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.MoveAsync("two", under: "g6")).Status);
        Assert.Equal(BudgetStatus.TooDeep, (await Store.GroupAsync("deeper", under: "deep")).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.AgentAsync("agent", under: "g8")).Status);
        Assert.Equal(9, (await Store.PathAsync("agent")).Count);
    }

    [Fact]
    public async Task Move_UnderItself_IsACircle()
    {
        await Store.GroupAsync("a");
        await Store.GroupAsync("b", under: "a");
        await Store.GroupAsync("c", under: "b");

        foreach (var under in (string[])["a", "b", "c"])
        {
            Assert.Equal(BudgetStatus.Circle, (await Store.MoveAsync("a", under)).Status);
        }

        Assert.Equal(BudgetStatus.Applied, (await Store.MoveAsync("c", under: "a")).Status);
        Assert.Equal(BudgetStatus.Circle, (await Store.MoveAsync("a", under: "c")).Status);
    }

    [Fact]
    public async Task Move_ChangesTheWay_AndIsEntered()
    {
        await Store.GroupAsync("a");
        await Store.GroupAsync("b", under: "a");
        await Store.SetAsync("agent", 100);
        await Store.ReserveAsync("agent", "r", 30, 30);

        Assert.Equal(BudgetStatus.Applied, (await Store.MoveAsync("agent", under: "b")).Status);
        Assert.Equal(["agent", "b", "a"], (await Store.PathAsync("agent")).Select(state => state.Node.Id.Value));
        Assert.Equal(BudgetStatus.Replayed, (await Store.MoveAsync("agent", under: "b")).Status);
        Assert.Equal(BudgetStatus.NoNode, (await Store.MoveAsync("nobody", under: "b")).Status);
        var entry = (await Store.LedgerAsync("agent"))[^1];
        Assert.Equal((LedgerEntryKind.Moved, new NodeId("b"), null, 100, 30), (entry.Kind, entry.Under, entry.Group, entry.Granted.Microcents, entry.Held.Microcents));

        Assert.Equal(BudgetStatus.Applied, (await Store.MoveAsync("agent", under: null)).Status);
        Assert.Single(await Store.PathAsync("agent"));
        Assert.Null((await Store.LedgerAsync("agent"))[^1].Under);
    }

    [Fact]
    public async Task DeleteGroup_ThatSomethingIsUnder_IsRefused()
    {
        await Store.GroupAsync("a");
        await Store.GroupAsync("b", under: "a");
        await Store.AgentAsync("agent", under: "b");

        Assert.Equal(BudgetStatus.NotEmpty, (await Store.DeleteGroupAsync("a")).Status);
        Assert.Equal(BudgetStatus.NotEmpty, (await Store.DeleteGroupAsync("b")).Status);
        await Store.DeleteAgentAsync("agent");
        var deleted = await Store.DeleteGroupAsync("b");

        Assert.Equal((BudgetStatus.Applied, StoreSteps.Start), (deleted.Status, deleted.Node!.DeletedAt));
        Assert.Equal(BudgetStatus.Applied, (await Store.DeleteGroupAsync("a")).Status);
        Assert.Equal([LedgerEntryKind.GroupDeleted, LedgerEntryKind.GroupDeleted], (await Store.LedgerAsync()).TakeLast(2).Select(entry => entry.Kind));
        Assert.Equal(BudgetStatus.NoNode, (await Store.DeleteGroupAsync("nobody")).Status);
    }

    [Fact]
    public async Task RenameGroup_IsOfAGroup()
    {
        await Store.GroupAsync("a", name: "before");
        await Store.AgentAsync("agent");

        Assert.Equal("after", (await Store.ApplyAsync(new RenameGroup("a", "after", StoreSteps.Start), default)).Node!.Name);
        Assert.Equal("after", (await Store.PathAsync("a"))[0].Node.Name);
        Assert.Equal(BudgetStatus.NoNode, (await Store.ApplyAsync(new RenameGroup("agent", "after", StoreSteps.Start), default)).Status);
        Assert.Equal(BudgetStatus.NoAgent, (await Store.ApplyAsync(new RenameAgent("a", "other", StoreSteps.Start), default)).Status);
        Assert.Equal(BudgetStatus.NoAgent, (await Store.ApplyAsync(new DeleteAgent("a", StoreSteps.Start), default)).Status);
    }

    [Theory]
    [InlineData("Ünï 😀 'quote' \"double\" \\ %_ $1 ?1")]
    [InlineData("run:r")]
    [InlineData("[[\"a\",\"total\",1]]")]
    [InlineData("total")]
    public async Task Node_OfAnyId_KeepsItsPlaceAndItsAccounts(string id)
    {
        var longId = id + new string('x', 200 - id.Length);
        await Store.GroupAsync(longId);
        await Store.GroupAsync(id, under: longId);
        await Store.AgentAsync(id + " agent", under: id);
        await Store.LimitAsync(longId, Limit.PerYear(StoreSteps.Amount(100)));
        await Store.LimitAsync(id, Limit.Rolling(StoreSteps.Amount(100), TimeSpan.FromHours(1)));

        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync(id + " agent", id, 10, 10, run: id, runLimit: 50)).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.SettleAsync(id, 5)).Status);
        Assert.Equal(5, (await Store.AccountAsync(longId, "year")).Spent.Microcents);
        Assert.Equal(5, (await Store.AccountAsync(id, "rolling-1h")).Spent.Microcents);
    }

    [Fact]
    public async Task ListNodes_InPages_GivesEachOnceWithItsLimitsAndBudget()
    {
        await Store.GroupAsync("B");
        await Store.GroupAsync("a", under: "B");
        await Store.SetAsync("é", 100);
        await Store.AgentAsync("C", under: "a");
        await Store.GroupAsync("gone");
        await Store.DeleteGroupAsync("gone");
        await Store.LimitAsync("a", Limit.PerYear(StoreSteps.Amount(7), "Asia/Tokyo").ThatPauses());

        var all = await Store.ListNodesAsync(after: null, 100, default);
        var paged = new List<NodeState>();
        for (var page = await Store.ListNodesAsync(after: null, 2, default); page.Count > 0; page = await Store.ListNodesAsync(page[^1].Node.Id, 2, default))
        {
            Assert.InRange(page.Count, 1, 2);
            paged.AddRange(page);
        }

        Assert.Equal(all.Select(state => state.Node), paged.Select(state => state.Node));
        Assert.Equal(["B", "C", "a", "é"], all.Select(state => state.Node.Id.Value).Order(StringComparer.Ordinal));
        Assert.Equal(100, all.Single(state => state.Node.Id == "é").Budget!.Granted.Microcents);
        Assert.Equal(Limit.PerYear(StoreSteps.Amount(7), "Asia/Tokyo").ThatPauses(), Assert.Single(all.Single(state => state.Node.Id == "a").Limits).Limit);
        Assert.Empty(await Store.ListNodesAsync(after: null, 0, default));
    }

    [Fact]
    public async Task NodeCommand_WithADefaultId_IsRefusedAsMalformed()
    {
        await Store.GroupAsync("a");
        foreach (var command in (BudgetCommand[])
            [
                new CreateGroup(default, null, null, StoreSteps.Start),
                new CreateGroup("new", null, default(NodeId), StoreSteps.Start),
                new CreateAgent("new", null, StoreSteps.Start) { Under = default(NodeId) },
                new MoveNode("a", default(NodeId), StoreSteps.Start),
                new SetLimit(default, Limit.Total(StoreSteps.Amount(1)), StoreSteps.Start),
                new PauseNode("a", "\0", StoreSteps.Start),
                new RemoveLimit("a", "", StoreSteps.Start),
            ])
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ApplyAsync(command, default).AsTask());
        }

        Assert.Equal(BudgetStatus.Applied, (await Store.GroupAsync("b")).Status);
    }
}
