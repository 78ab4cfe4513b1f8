using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <content>Requests for approval, and the raises that answer them.</content>
public abstract partial class BudgetStoreConformance
{
    // Of a store with a clock of its own nothing is known of what is a second from now.
    private static readonly TimeSpan LongTime = TimeSpan.FromDays(1);

    [Fact]
    public async Task Ask_LeavesOneRequest_WhichIsKeptAsItWasMade()
    {
        await MakeAskingAsync();

        var refused = await Store.ReserveAsync("agent", "r1", 150, 150);
        var again = await Store.ReserveAsync("agent", "r2", 150, 150);

        Assert.Equal(BudgetStatus.Insufficient, refused.Status);
        Assert.Equal(refused.Approval, again.Approval);
        Assert.Equal((true, 0L), (refused.Sequence > 0, again.Sequence));
        var kept = await Store.FindApprovalAsync(refused.Approval!.Value, default);
        Assert.NotNull(kept);
        Assert.Equal(
            ("agent", "agent", "total", 0, 50L, "run", "p:m", ApprovalState.Pending),
            (kept.Agent.Value, kept.Node.Value, kept.Limit, kept.Number, kept.Need.Microcents, kept.Run?.Value, kept.Model, kept.State));
        Assert.Equal([kept], await Store.ListApprovalsAsync(ApprovalState.Pending, before: null, 10, default));
        Assert.Equal(refused.Approval, (await Store.BudgetAsync("agent")).Approval);
        Assert.Null(await Store.FindApprovalAsync(new ApprovalId("nobody's"), default));
    }

    [Fact]
    public async Task Approve_RaisesTheBudget_Once_AndIsKept()
    {
        await MakeAskingAsync();
        var asked = (await Store.ReserveAsync("agent", "r1", 150, 150)).Approval!.Value;

        var approved = await ApproveAsync(asked, "agent", 70, LongTime);
        var again = await Store.ApplyAsync(new Approve(asked, "agent", StoreSteps.Amount(70), LongTime, "because", StoreSteps.Start) { By = "another" }, default);

        Assert.Equal((BudgetStatus.Applied, BudgetStatus.Replayed), (approved.Status, again.Status));
        var budget = await Store.BudgetAsync("agent");
        Assert.Equal((170L, 70L, (ApprovalId?)null), (budget.Granted.Microcents, budget.Raises.Total.Microcents, budget.Approval));
        var kept = (await Store.FindApprovalAsync(asked, default))!;
        Assert.Equal(
            (ApprovalState.Approved, 70L, "somebody", "because", kept.DecidedAt + LongTime, budget.Raises[0].Until),
            (kept.State, kept.Added.Microcents, kept.By, kept.Reason, kept.Until, kept.Until));
        Assert.Empty(await Store.ListApprovalsAsync(ApprovalState.Pending, before: null, 10, default));
        var entry = Assert.Single(await Store.LedgerAsync(), entry => entry.Kind == LedgerEntryKind.Approved);
        Assert.Equal(("somebody", "because", 70L, 170L, 70L), (entry.By, entry.Reason, entry.Amount.Microcents, entry.Granted.Microcents, entry.Raised.Microcents));
        Assert.Equal(150, (await Store.ReserveAsync("agent", "r1", 150, 150)).Reservation?.Held.Microcents);
        await Books.AssertBalancedAsync(Store);
    }

    [Fact]
    public async Task Approve_OfALimit_RaisesItsOpenWindow_ForAllBelow()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)).ThatAsks());
        var asked = await Store.ReserveAsync("agent", "r1", 150, 150);
        Assert.Equal(new AccountKey("team", "year", 1), asked.Account?.Key);

        Assert.Equal(BudgetStatus.Applied, (await ApproveAsync(asked.Approval!.Value, "team", 60, lasting: null)).Status);

        var account = await Store.AccountAsync("team", "year");
        Assert.Equal((160L, 160L, account.Until), (account.Amount.Microcents, account.Granted.Microcents, Assert.Single(account.Raises).Until));
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("agent", "r1", 150, 150)).Status);
        var entry = Assert.Single(await Store.LedgerAsync(), entry => entry.Kind == LedgerEntryKind.Approved);
        Assert.Equal(("team", "year (UTC)", (AgentId?)null), (entry.Group?.Value, entry.Limit, entry.Agent));
        await Books.AssertBalancedAsync(Store);
    }

    [Fact]
    public async Task Deny_IsKept_AndNoMoreIsAsked_UntilTheBudgetIsSetAnew()
    {
        await MakeAskingAsync();
        var asked = (await Store.ReserveAsync("agent", "r1", 150, 150)).Approval!.Value;

        Assert.Equal(BudgetStatus.Applied, (await Store.ApplyAsync(new Deny(asked, "agent", "no", StoreSteps.Start) { By = TreeSteps.By }, default)).Status);

        Assert.Equal(asked, (await Store.ReserveAsync("agent", "r2", 150, 150)).Approval);
        Assert.Equal(BudgetStatus.ApprovalOver, (await ApproveAsync(asked, "agent", 70, LongTime)).Status);
        Assert.Equal((ApprovalState.Denied, "no"), await Store.FindApprovalAsync(asked, default) is { } kept ? (kept.State, kept.Reason) : default);
        await Store.SetAsync("agent", 110);
        var next = await Store.ReserveAsync("agent", "r3", 150, 150);
        Assert.NotEqual(asked, next.Approval);
        Assert.Equal(2, (await Store.ListApprovalsAsync(state: null, before: null, 10, default)).Count);
        await Books.AssertBalancedAsync(Store);
    }

    [Fact]
    public async Task Raise_ThatEnds_IsTakenBack_ByTheNextCommand()
    {
        await MakeAskingAsync();
        var asked = (await Store.ReserveAsync("agent", "r1", 150, 150)).Approval!.Value;
        await ApproveAsync(asked, "agent", 70, TimeSpan.FromTicks(1));

        // A store with a clock of its own goes on by itself.
        var refused = await Store.ReserveAsync("agent", "r2", 150, 150, at: 60);

        Assert.Equal((BudgetStatus.Insufficient, 100L), (refused.Status, refused.Budget?.Granted.Microcents));
        Assert.NotEqual(asked, refused.Approval);
        Assert.Equal(Raises.None, (await Store.BudgetAsync("agent")).Raises);
        await Books.AssertBalancedAsync(Store);
    }

    [Fact]
    public async Task Raise_ThatIsSpentOrHeldWhenItEnds_IsOwed_UntilATopUpMakesUpForIt()
    {
        await MakeAskingAsync();
        await ApproveAsync((await Store.ReserveAsync("agent", "r1", 150, 150)).Approval!.Value, "agent", 70, lasting: null);
        await Store.ReserveAsync("agent", "spent", 120, 120);
        await Store.ReserveAsync("agent", "held", 50, 50);
        await Store.SettleAsync("spent", 120);

        await Store.LimitAsync("agent", Limit.Total(StoreSteps.Amount(100)).ThatAsks());

        var owing = await Store.BudgetAsync("agent");
        Assert.Equal((170L, 70L, -20L), (owing.Granted.Microcents, owing.Raises.Owed.Microcents, owing.Remaining.Microcents));
        await Store.ReleaseAsync("held");
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("agent", "r2", 1, 1)).Status);
        var topped = (await Store.SetAsync("agent", 100, topUp: 60)).Budget!;
        Assert.Equal((160L, Raises.None, 40L), (topped.Granted.Microcents, topped.Raises, topped.Available.Microcents));
        await Books.AssertBalancedAsync(Store);
    }

    [Fact]
    public async Task Raise_OfALimitThatIsRemoved_IsGone()
    {
        await Store.AgentAsync("agent");
        await Store.LimitAsync("agent", Limit.PerYear(StoreSteps.Amount(100)).ThatAsks());
        await ApproveAsync((await Store.ReserveAsync("agent", "r1", 150, 150)).Approval!.Value, "agent", 70, LongTime);
        await Store.LimitAsync("agent", Limit.Total(StoreSteps.Amount(500)));

        await Store.RemoveLimitAsync("agent", "year");
        await Store.LimitAsync("agent", Limit.PerYear(StoreSteps.Amount(100)).ThatAsks());

        var refused = await Store.ReserveAsync("agent", "r2", 150, 150);
        Assert.Equal((BudgetStatus.Insufficient, 100L), (refused.Status, refused.Account?.Amount.Microcents));
        await Books.AssertBalancedAsync(Store);
    }

    [Fact]
    public async Task Approvals_AreListedInPages_NewestFirst()
    {
        for (var i = 0; i < 3; i++)
        {
            await Store.AgentAsync($"agent {i}");
            await Store.LimitAsync($"agent {i}", Limit.Total(StoreSteps.Amount(100)).ThatAsks());
            await Store.ReserveAsync($"agent {i}", $"r{i}", 150, 150, at: i);
        }

        var all = await Store.ListApprovalsAsync(state: null, before: null, 10, default);
        Assert.Equal(3, all.Count);
        Assert.Equal(all.OrderByDescending(approval => approval.AskedAt), all);
        Assert.Equal([all[1]], await Store.ListApprovalsAsync(state: null, all[0], 1, default));
        Assert.Equal([all[2]], await Store.ListApprovalsAsync(ApprovalState.Pending, all[1], 10, default));
        Assert.Empty(await Store.ListApprovalsAsync(state: null, all[2], 10, default));
    }

    private async Task MakeAskingAsync()
    {
        await Store.AgentAsync("agent");
        await Store.LimitAsync("agent", Limit.Total(StoreSteps.Amount(100)).ThatAsks());
    }

    private async Task<BudgetAnswer> ApproveAsync(ApprovalId id, string node, long add, TimeSpan? lasting) =>
        await Store.ApplyAsync(new Approve(id, node, StoreSteps.Amount(add), lasting, "because", StoreSteps.Start) { By = TreeSteps.By }, default);
}
