using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <content>Names, by which people find agents and groups, and which one alone may be to have.</content>
public abstract partial class BudgetStoreConformance
{
    /// <summary>Nodes are found by their name to the letter, in the order of their ids, without those that were deleted.</summary>
    [Fact]
    public async Task Names_AreFound_ToTheLetter_OfAKind_WithoutTheDeleted()
    {
        await Store.AgentAsync("a2", name: "crawler");
        await Store.AgentAsync("a1", name: "crawler");
        await Store.AgentAsync("a3", name: "Crawler");
        await Store.AgentAsync("a4", name: "crawler 2");
        await Store.AgentAsync("a5", name: "crawler");
        await Store.AgentAsync("a6");
        await Store.GroupAsync("g1", name: "crawler");
        await Store.DeleteAgentAsync("a5");

        Assert.Equal(["a1", "a2", "g1"], await NamedAsync("crawler"));
        Assert.Equal(["a1", "a2"], await NamedAsync("crawler", NodeKind.Agent));
        Assert.Equal(["g1"], await NamedAsync("crawler", NodeKind.Group));
        Assert.Equal(["a1"], await NamedAsync("crawler", limit: 1));
        Assert.Empty(await NamedAsync("nobody"));
        Assert.Equal("crawler", Assert.Single(await Store.FindNamedNodesAsync("crawler", NodeKind.Group, 9, default)).Name);
    }

    /// <summary>A name is any text, and may be long.</summary>
    [Theory]
    [InlineData("team/red crawler")]
    [InlineData("%_' \\ \"")]
    [InlineData("Größe 数据 🦊")]
    public async Task Names_AreAnyText(string name)
    {
        var longest = name + string.Concat(Enumerable.Repeat("長", 900)) + name;
        await Store.AgentAsync("a", name: name);
        await Store.RenameAgentAsync("a", name + "!");
        await Store.RenameAgentAsync("a", name);
        await Store.AgentAsync("b", name: longest);

        Assert.Equal(["a"], await NamedAsync(name));
        Assert.Equal(["b"], await NamedAsync(longest));
        Assert.Empty(await NamedAsync(longest + "."));
    }

    /// <summary>Nodes are found by the beginning of their id, in the order of these, without those that were deleted.</summary>
    [Fact]
    public async Task Ids_AreFound_ByTheirBeginning_ToTheLetter_WithoutTheDeleted()
    {
        foreach (var id in (string[])["crew-é", "crew-1", "crew", "crewe", "Crew-2", "cre", "crew%3", "crew-gone", "crex"])
        {
            await Store.AgentAsync(id);
        }

        await Store.GroupAsync("crew-g");
        await Store.DeleteAgentAsync("crew-gone");

        Assert.Equal(["crew", "crew%3", "crew-1", "crew-g", "crew-é", "crewe"], await FromAsync("crew"));
        Assert.Equal(["crew-1", "crew-g", "crew-é"], await FromAsync("crew-"));
        Assert.Equal(["crew-g"], await FromAsync("crew", NodeKind.Group));
        Assert.Equal(["crew", "crew%3"], await FromAsync("crew", NodeKind.Agent, limit: 2));
        Assert.Empty(await FromAsync("crew_"));
        Assert.Empty(await FromAsync("crew-gone"));
    }

    /// <summary>A name that is to be one's alone is refused while another of the kind has it, or goes by it, and the answer says who.</summary>
    [Fact]
    public async Task UniqueName_IsRefused_WhileAnotherOfItsKindHasIt()
    {
        await Store.AgentAsync("a", name: "crawler");
        await Store.GroupAsync("g", name: "crawler", unique: true);

        await AssertTakenAsync("a", Store.AgentAsync("b", name: "crawler", unique: true));
        await AssertTakenAsync("a", Store.AgentAsync("b", name: "a", unique: true));
        await AssertTakenAsync("g", Store.GroupAsync("h", name: "crawler", unique: true));
        Assert.Null(await Store.FindAgentAsync("b", default));
        Assert.Equal(BudgetStatus.Applied, (await Store.AgentAsync("c", name: "other", unique: true)).Status);
        await AssertTakenAsync("a", Store.RenameAgentAsync("c", "crawler", unique: true));
        Assert.Equal("other", (await Store.FindAgentAsync("c", default))!.Name);
        Assert.Equal(BudgetStatus.Applied, (await Store.RenameAgentAsync("c", "c", unique: true)).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.RenameAgentAsync("a", "crawler", unique: true)).Status);
        await Store.GroupAsync("h", name: "h");
        await AssertTakenAsync("g", Store.RenameGroupAsync("h", "crawler", unique: true));

        Assert.Equal(BudgetStatus.Applied, (await Store.AgentAsync("d", name: "crawler")).Status);
        await AssertTakenAsync("a", Store.AgentAsync("e", name: "crawler", unique: true));
        await Store.DeleteAgentAsync("a");
        await AssertTakenAsync("d", Store.AgentAsync("e", name: "crawler", unique: true));
        await Store.RenameAgentAsync("d", "free");
        Assert.Equal(BudgetStatus.Applied, (await Store.AgentAsync("e", name: "crawler", unique: true)).Status);
    }

    /// <summary>Of many that want a name for themselves at once, one has it.</summary>
    [Fact]
    public async Task UniqueName_WantedByManyAtOnce_IsOnes()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(one => Task.Run(() => Store.AgentAsync($"a{one}", name: "crawler", unique: true))));

        var winner = Assert.Single(answers, answer => answer.Status == BudgetStatus.Applied);
        Assert.All(answers.Where(answer => answer != winner), answer => Assert.Equal((BudgetStatus.NameTaken, winner.Node!.Id), (answer.Status, answer.Node!.Id)));
        Assert.Equal([winner.Node!.Id.Value], await NamedAsync("crawler"));
    }

    /// <summary>The ledger has what was asked for and what was granted: the sum of what was is what is.</summary>
    [Fact]
    public async Task Ledger_OfAChangedBudget_HasWhatWasAskedForAndWhatItAdded()
    {
        await Store.SetAsync("a", 100, topUp: 30);
        await Store.SetAsync("a", 100, topUp: 50, key: "k");
        await Store.SetAsync("a", 200);
        await Store.SetAsync("a", 200, topUp: 500);
        await Store.SetAsync("a", 60);
        await Store.SetAsync("b", 70);

        var ledger = await Store.LedgerAsync();

        Assert.Equal([(30L, 30L), (50, 50), (0, 0), (500, 120), (0, -140), (0, 70)], ledger.Select(entry => (entry.Amount.Microcents, entry.Added!.Value.Microcents)));
        Assert.Equal(60, ledger.Where(entry => entry.Agent == "a").Sum(entry => entry.Added!.Value.Microcents));
        await Store.ReserveAsync("b", "r", 1, 5);
        Assert.Null((await Store.LedgerAsync())[^1].Added);
    }

    private static async Task AssertTakenAsync(string by, Task<BudgetAnswer> answer) =>
        Assert.Equal((BudgetStatus.NameTaken, by), ((await answer).Status, (await answer).Node?.Id.Value));

    private async Task<IEnumerable<string>> NamedAsync(string name, NodeKind? kind = null, int limit = 100) =>
        (await Store.FindNamedNodesAsync(name, kind, limit, default)).Select(node => node.Id.Value);

    private async Task<IEnumerable<string>> FromAsync(string start, NodeKind? kind = null, int limit = 100) =>
        (await Store.FindNodesFromAsync(start, kind, limit, default)).Select(node => node.Id.Value);
}
