using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task CreateAgent_New_IsFoundAndListedOldestFirst()
    {
        await Store.ApplyAsync(new CreateAgent("younger", "Y \U0001F9D1", Noon.AddTicks(1)), CancellationToken.None);
        await Store.ApplyAsync(new CreateAgent("older", Name: null, Noon), CancellationToken.None);

        Assert.Equal(["older", "younger"], (await Store.ListAgentsAsync(after: null, 10, CancellationToken.None)).Select(agent => agent.Id.Value));
        var younger = await Store.FindAgentAsync("younger", CancellationToken.None);
        Assert.Equal(new Agent { Id = "younger", Name = "Y \U0001F9D1", CreatedAt = Noon.AddTicks(1) }, younger);
        Assert.Null(await Store.FindAgentAsync("nobody", CancellationToken.None));
    }

    [Fact]
    public async Task ListAgents_PageByPage_GivesEachOnce()
    {
        // Several of one moment, which only their order keeps apart.
        foreach (var number in Enumerable.Range(0, 9))
        {
            await Store.ApplyAsync(new CreateAgent($"agent {number}", Name: null, Noon.AddTicks(number / 4)), CancellationToken.None);
        }

        await Store.ApplyAsync(new DeleteAgent("agent 5", Noon.AddDays(1)), CancellationToken.None);
        var all = await Store.ListAgentsAsync(after: null, 100, CancellationToken.None);

        for (var length = 1; length < 10; length++)
        {
            var read = new List<Agent>();
            for (IReadOnlyList<Agent> page = []; read.Count == 0 || page.Count == length;)
            {
                page = await Store.ListAgentsAsync(read.Count == 0 ? (AgentId?)null : read[^1].Id, length, CancellationToken.None);
                read.AddRange(page);
            }

            Assert.Equal(all, read);
        }

        Assert.Equal(8, all.Count);
        Assert.Empty(await Store.ListAgentsAsync(after: null, 0, CancellationToken.None));
        Assert.Empty(await Store.ListAgentsAsync("nobody", 100, CancellationToken.None));
        Assert.Equal(all.SkipWhile(agent => agent.Id != "agent 6"), await Store.ListAgentsAsync("agent 5", 100, CancellationToken.None));
    }

    [Fact]
    public async Task CreateAgent_SameIdAgain_IsAConflict()
    {
        await Store.ApplyAsync(new CreateAgent("a", Name: null, Noon), CancellationToken.None);
        Assert.Equal(
            BudgetStatus.Conflict,
            (await Store.ApplyAsync(new CreateAgent("a", "other", Noon), CancellationToken.None)).Status);

        await Store.ApplyAsync(new DeleteAgent("a", Noon), CancellationToken.None);
        Assert.Equal(
            BudgetStatus.Conflict,
            (await Store.ApplyAsync(new CreateAgent("a", "again", Noon), CancellationToken.None)).Status);
    }

    [Fact]
    public async Task SetBudget_UnknownAgent_CreatesIt()
    {
        await Store.ApplyAsync(
            new SetBudget("a", Money.FromCents(1), Money.Zero, MaxInFlight: null, IdempotencyKey: null, Noon), CancellationToken.None);

        Assert.Equal(
            new Agent { Id = "a", CreatedAt = Noon }, Assert.Single(await Store.ListAgentsAsync(after: null, 10, CancellationToken.None)));
    }

    [Fact]
    public async Task RenameAgent_ChangesTheNameOnly()
    {
        await Store.ApplyAsync(new CreateAgent("a", "first", Noon), CancellationToken.None);
        var answer = await Store.ApplyAsync(new RenameAgent("a", "second", Noon.AddDays(1)), CancellationToken.None);

        Assert.Equal(new Agent { Id = "a", Name = "second", CreatedAt = Noon }, answer.Agent);
        Assert.Equal(answer.Agent, await Store.FindAgentAsync("a", CancellationToken.None));
        Assert.Equal(
            BudgetStatus.NoAgent,
            (await Store.ApplyAsync(new RenameAgent("nobody", "x", Noon), CancellationToken.None)).Status);
    }

    /// <summary>An agent says what it is under and why it is paused, wherever it is looked up.</summary>
    [Fact]
    public async Task Agent_SaysWhatItIsUnder_AndWhyItIsPaused()
    {
        await Store.ApplyAsync(new CreateGroup("g", Name: null, Under: null, Noon), CancellationToken.None);
        await Store.ApplyAsync(new CreateAgent("a", Name: null, Noon) { Under = new NodeId("g") }, CancellationToken.None);
        await Store.ApplyAsync(new PauseNode("a", "why", Noon.AddTicks(3)) { By = "who" }, CancellationToken.None);
        var paused = new Agent { Id = "a", CreatedAt = Noon, Parent = "g", Pause = new Pause("who", "why", Noon.AddTicks(3)) };

        Assert.Equal(paused, await Store.FindAgentAsync("a", CancellationToken.None));
        Assert.Equal(paused, Assert.Single(await Store.ListAgentsAsync(after: null, 10, CancellationToken.None)));

        await Store.ApplyAsync(new ResumeNode("a", Noon), CancellationToken.None);
        await Store.ApplyAsync(new MoveNode("a", Under: null, Noon), CancellationToken.None);

        Assert.Equal(new Agent { Id = "a", CreatedAt = Noon }, await Store.FindAgentAsync("a", CancellationToken.None));
    }

    [Fact]
    public async Task DeleteAgent_WithACallInFlight_ClosesTheBudgetAndKeepsTheLedger()
    {
        var expiry = Noon.AddMinutes(5);
        var one = Money.FromCents(1);
        await Store.ApplyAsync(
            new SetBudget("a", Money.FromCents(5), Money.Zero, MaxInFlight: null, IdempotencyKey: null, Noon), CancellationToken.None);
        var id = ReservationId.New();
        await Store.ApplyAsync(new Reserve(id, "a", Run: null, Model: null, one, one, expiry, Noon), CancellationToken.None);

        var deleted = await Store.ApplyAsync(new DeleteAgent("a", Noon), CancellationToken.None);

        Assert.Equal(BudgetStatus.Applied, deleted.Status);
        Assert.Equal(Noon, deleted.Agent?.DeletedAt);
        Assert.Empty(await Store.ListAgentsAsync(after: null, 10, CancellationToken.None));
        Assert.Equal(
            BudgetStatus.NoBudget,
            (await Store.ApplyAsync(
                new Reserve(ReservationId.New(), "a", Run: null, Model: null, one, one, expiry, Noon), CancellationToken.None)).Status);
        Assert.Equal(
            BudgetStatus.NoAgent,
            (await Store.ApplyAsync(
                new SetBudget("a", one, one, MaxInFlight: null, IdempotencyKey: null, Noon), CancellationToken.None)).Status);
        Assert.Equal(BudgetStatus.NoAgent, (await Store.ApplyAsync(new DeleteAgent("a", Noon), CancellationToken.None)).Status);

        var settled = await Store.ApplyAsync(new Settle(id, Money.FromMicrocents(3), Noon), CancellationToken.None);

        Assert.Equal(BudgetStatus.Applied, settled.Status);
        Assert.Equal(
            [LedgerEntryKind.BudgetSet, LedgerEntryKind.Reserved, LedgerEntryKind.BudgetClosed, LedgerEntryKind.Settled],
            (await Store.ReadLedgerAsync(0, "a", 10, CancellationToken.None)).Select(entry => entry.Kind));
    }
}
