using Microsoft.Extensions.Time.Testing;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using static SpendGuard.Tests.Budgets.Approvals.AskingAgent;

namespace SpendGuard.Tests.Budgets.Approvals;

/// <summary>A budget or a limit that asks: one request, its answer, and a raise that ends by itself. Every call costs 100 microcents.</summary>
public sealed class ApprovingTests : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly AgentId Agent = new("a");

    private readonly AskingAgent _asking = new();
    private readonly SpendGuardEngine _engine;
    private readonly FakeTimeProvider _time;

    public ApprovingTests() => (_engine, _time) = (_asking.Engine, _asking.Time);

    public async ValueTask DisposeAsync() => await _asking.DisposeAsync();

    [Fact]
    public async Task Refusal_OfABudgetThatAsks_LeavesOneRequest_AndSaysSo()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(150), onExhausted: LimitAction.Ask);
        await SpendAsync();

        var first = await _asking.RefusedAsync();
        var second = await _asking.RefusedAsync();

        Assert.NotNull(first.Approval);
        Assert.Equal(first.Approval, second.Approval);
        Assert.Contains($"More was asked for as '{first.Approval}'", first.Message, StringComparison.Ordinal);
        Assert.Contains($"spendguard approvals approve '{first.Approval}'", first.Message, StringComparison.Ordinal);
        var approval = Assert.Single(await _asking.ListAsync());
        Assert.Equal(
            (first.Approval, Agent, (NodeId)Agent, "total", 0, 50L, "run", "test:model", ApprovalState.Pending),
            (approval.Id, approval.Agent, approval.Node, approval.Limit, approval.Number, approval.Need.Microcents, approval.Run.ToString(), approval.Model, approval.State));
        var entry = Assert.Single(await LedgerAsync(), entry => entry.Kind == LedgerEntryKind.ApprovalAsked);
        Assert.Equal((Agent, "a", "total", 50L, 150L), (entry.Agent, entry.By, entry.Limit, entry.Amount.Microcents, entry.Granted.Microcents));
    }

    [Fact]
    public async Task Approved_RaisesTheBudgetAboveItsLimit_UntilTheRaiseEnds()
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.Total(Money.FromMicrocents(150)).ThatAsks());
        await SpendAsync();
        var asked = (await _asking.RefusedAsync()).Approval!.Value;

        var approved = await _engine.ApproveAsync(asked, Money.FromMicrocents(250), Hour, "A long night", "alice");

        Assert.Equal(
            (ApprovalState.Approved, "alice", "A long night", 250L, _time.GetUtcNow() + Hour),
            (approved.State, approved.By, approved.Reason, approved.Added.Microcents, approved.Until));
        Assert.Equal((400L, 300L), await BalanceAsync());
        await SpendAsync();
        await SpendAsync();
        Assert.Equal(100, (await BalanceAsync()).Left);

        _time.Advance(Hour);

        Assert.Equal((300L, -150L), await BalanceAsync());
        Assert.NotEqual(asked, (await _asking.RefusedAsync()).Approval);
        var entries = (await LedgerAsync()).Where(entry => entry.Kind is LedgerEntryKind.Approved or LedgerEntryKind.ApprovalAsked).ToList();
        Assert.Equal([LedgerEntryKind.ApprovalAsked, LedgerEntryKind.Approved, LedgerEntryKind.ApprovalAsked], entries.Select(entry => entry.Kind));
        Assert.Equal(("alice", "A long night", 250L, 250L), (entries[1].By, entries[1].Reason, entries[1].Amount.Microcents, entries[1].Raised.Microcents));
        Assert.Equal(150, entries[2].Raised.Microcents);

        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(150), topUp: Money.FromMicrocents(240));
        Assert.Equal((390L, 90L), await BalanceAsync());
    }

    /// <summary>What calls in flight hold of a raise when it ends comes back to nobody.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(100)]
    public async Task Raise_ThatEndsWhileItIsHeld_IsTakenBackWhenThatComesBack(long charge)
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(100), onExhausted: LimitAction.Ask);
        await SpendAsync();
        await _engine.ApproveAsync((await _asking.RefusedAsync()).Approval!.Value, Money.FromMicrocents(100), Hour);
        var held = await _engine.ReserveAsync(Call());

        _time.Advance(Hour);

        Assert.Equal(200, (await BalanceAsync()).Granted);
        await held.EndAsync(charge == 0 ? ProviderReport.NotBilled : new ProviderReport { Usage = new Usage { Input = charge, Output = 0 } });
        Assert.Equal((100 + charge, -charge), await BalanceAsync());
        await _asking.RefusedAsync();
    }

    [Fact]
    public async Task Approved_OfAGroupsWindow_IsForAllBelow_AndEndsWithTheWindowAtTheLatest()
    {
        await _engine.CreateGroupAsync("team");
        await _engine.CreateAgentAsync(agent: Agent, under: "team");
        await _engine.CreateAgentAsync(agent: "b", under: "team");
        await _engine.SetLimitAsync("team", Limit.PerDay(Money.FromMicrocents(100)).ThatAsks());
        await SpendAsync();
        var refusal = await _asking.RefusedAsync();
        Assert.Equal(refusal.Approval, (await _asking.RefusedAsync("b")).Approval);

        var approved = await _engine.ApproveAsync(refusal.Approval!.Value, Money.FromMicrocents(200), TimeSpan.FromDays(2), by: "alice");

        Assert.Equal(("team", "day", 1, new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero)), (approved.Node.Value, approved.Limit, approved.Number, approved.Until!.Value));
        await SpendAsync("b");
        await SpendAsync();
        var entry = Assert.Single(await LedgerAsync(), entry => entry.Kind == LedgerEntryKind.Approved);
        Assert.Equal(("team", "day (UTC)", (AgentId?)null), (entry.Group?.Value, entry.Limit, entry.Agent));

        _time.Advance(TimeSpan.FromHours(12));

        await SpendAsync();
        await _asking.RefusedAsync("b");
    }

    [Fact]
    public async Task Approved_TwiceTheSame_RaisesOnce_AndAnythingElseIsOver()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var asked = (await _asking.RefusedAsync()).Approval!.Value;

        await _engine.ApproveAsync(asked, Money.FromMicrocents(70), Hour, by: "alice");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("alice", (await _engine.ApproveAsync(asked, Money.FromMicrocents(70), Hour, by: "bob")).By);

        Assert.Equal(120, (await BalanceAsync()).Granted);
        await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.ApproveAsync(asked, Money.FromMicrocents(71), Hour).AsTask());
        await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.ApproveAsync(asked, Money.FromMicrocents(70), 2 * Hour).AsTask());
        await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.DenyAsync(asked).AsTask());
        await Assert.ThrowsAsync<ApprovalNotFoundException>(() => _engine.ApproveAsync(new ApprovalId("apr_no"), Money.FromCents(1)).AsTask());
        Assert.Equal(120, (await BalanceAsync()).Granted);
    }

    [Fact]
    public async Task Denied_IsToldToWhoIsRefused_AndAsksNoMore_UntilTheBudgetIsSetAnew()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var asked = (await _asking.RefusedAsync()).Approval!.Value;

        await _engine.DenyAsync(asked, "Not today.", "alice");
        await _engine.DenyAsync(asked, "Not today.", "alice");

        var refusal = await _asking.RefusedAsync();
        Assert.Equal(asked, refusal.Approval);
        Assert.Contains($"More was asked for as '{asked}' and denied by alice: Not today.", refusal.Message, StringComparison.Ordinal);
        Assert.Single(await LedgerAsync(), entry => entry.Kind == LedgerEntryKind.Denied);
        await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.ApproveAsync(asked, Money.FromCents(1)).AsTask());

        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(60));
        Assert.NotEqual(asked, (await _asking.RefusedAsync()).Approval);
    }

    [Fact]
    public async Task Approved_AfterTheLimitWasSetAnewOrItsWindowEnded_IsOver()
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.PerDay(Money.FromMicrocents(50)).ThatAsks());
        var first = (await _asking.RefusedAsync()).Approval!.Value;
        await _engine.SetLimitAsync(Agent, Limit.PerDay(Money.FromMicrocents(50)).ThatAsks());
        await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.ApproveAsync(first, Money.FromCents(1)).AsTask());

        var second = (await _asking.RefusedAsync()).Approval!.Value;
        _time.Advance(TimeSpan.FromHours(12));

        await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.ApproveAsync(second, Money.FromCents(1)).AsTask());
        Assert.NotEqual(second, (await _asking.RefusedAsync()).Approval);
    }

    /// <summary>A raise without an end is gone when the limit is set anew; one with an end is not.</summary>
    [Fact]
    public async Task Raise_WithoutAnEnd_LastsUntilTheLimitIsSetAnew()
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.Total(Money.FromMicrocents(50)).ThatAsks());
        await _engine.ApproveAsync((await _asking.RefusedAsync()).Approval!.Value, Money.FromMicrocents(70));
        _time.Advance(TimeSpan.FromDays(10));
        Assert.Equal(120, (await BalanceAsync()).Granted);
        await SpendAsync();
        await _engine.ApproveAsync((await _asking.RefusedAsync()).Approval!.Value, Money.FromMicrocents(500), Hour);
        Assert.Equal((620L, 520L), await BalanceAsync());

        await _engine.SetLimitAsync(Agent, Limit.Total(Money.FromMicrocents(200)).ThatAsks());

        Assert.Equal((700L, 600L), await BalanceAsync());
        _time.Advance(Hour);
        Assert.Equal((200L, 100L), await BalanceAsync());
    }

    [Fact]
    public async Task TopUp_WhileARaiseLasts_IsNotTakenBackWithIt()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(150), onExhausted: LimitAction.Ask);
        await SpendAsync();
        await _engine.ApproveAsync((await _asking.RefusedAsync()).Approval!.Value, Money.FromMicrocents(500), Hour);

        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(150), topUp: Money.FromMicrocents(80));

        Assert.Equal((730L, 630L), await BalanceAsync());
        var refused = await Assert.ThrowsAsync<InsufficientBudgetException>(async () => await _engine.ReserveAsync(Call() with { Shape = new CallShape { InputBound = 700, OutputTokens = 1 } }));
        Assert.Contains("has $0.0000063 left of $0.0000073 granted", refused.Message, StringComparison.Ordinal);
        _time.Advance(Hour);
        Assert.Equal((230L, 130L), await BalanceAsync());
    }

    /// <summary>A limit of zero stops the next call at once, whatever was approved before.</summary>
    [Fact]
    public async Task Raise_OfALimitThatIsSetToNothing_IsGone()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        await _engine.SetLimitAsync(Agent, Limit.PerDay(Money.FromMicrocents(50)).ThatAsks());
        await _engine.ApproveAsync((await _asking.RefusedAsync()).Approval!.Value, Money.FromMicrocents(500), Hour);
        await _engine.ApproveAsync((await _asking.RefusedAsync()).Approval!.Value, Money.FromMicrocents(500), Hour);
        await SpendAsync();

        await _engine.SetLimitAsync(Agent, Limit.PerDay(Money.Zero).ThatAsks());
        Assert.Equal("day", (await _asking.RefusedAsync()).Account?.Limit);
        await _engine.SetLimitAsync(Agent, Limit.PerDay(Money.FromCents(1)));
        await _engine.SetBudgetAsync(Agent, Money.Zero);
        Assert.Null((await _asking.RefusedAsync()).Account);
        Assert.Equal((100L, -50L), await BalanceAsync());
    }

    /// <summary>What a limit granted that was removed, or what was held before there was one, is no grant of the next.</summary>
    [Fact]
    public async Task FirstBudget_WhileACallHoldsMore_GrantsNoMoreThanItself()
    {
        await _engine.CreateGroupAsync("team");
        await _engine.CreateAgentAsync(agent: Agent, under: "team");
        await _engine.SetLimitAsync("team", Limit.PerDay(Money.FromMicrocents(500)));
        var held = await _engine.ReserveAsync(Call());

        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(1000), topUp: Money.FromMicrocents(20));

        Assert.Equal((100L, 20L), await BalanceAsync());
        await held.EndAsync(ProviderReport.NotBilled);
        Assert.Equal((20L, 20L), await BalanceAsync());
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(120, 70)]
    [InlineData(0, 0)]
    public async Task Total_LoweredWhileACallHolds_GivesNothingOfThatBackAboveIt(long total, long left)
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.Total(Money.FromMicrocents(200)));
        var held = await _engine.ReserveAsync(Call());
        await (await _engine.ReserveAsync(Call())).EndAsync(new ProviderReport { Usage = new Usage { Input = 50, Output = 0 } });

        await _engine.SetLimitAsync(Agent, Limit.Total(Money.FromMicrocents(total)));
        await held.EndAsync(ProviderReport.NotBilled);

        Assert.Equal(left, Math.Max(0, (await BalanceAsync()).Left));
        await _engine.SetLimitAsync(Agent, Limit.Total(Money.FromMicrocents(200)));
        Assert.Equal((200L, 150L), await BalanceAsync());
    }

    /// <summary>As an agent's budget is removed with what was approved for it, so is any limit.</summary>
    [Fact]
    public async Task Raise_OfALimitThatIsRemoved_IsGone()
    {
        await _engine.CreateAgentAsync(agent: Agent);
        var (day, total) = (Limit.PerDay(Money.FromMicrocents(50)).ThatAsks(), Limit.Total(Money.FromMicrocents(500)));
        await _engine.SetLimitAsync(Agent, total);
        await _engine.SetLimitAsync(Agent, day);
        await _engine.ApproveAsync((await _asking.RefusedAsync()).Approval!.Value, Money.FromMicrocents(500), Hour);
        await SpendAsync();

        await _engine.RemoveLimitAsync(Agent, day.Window);
        await _engine.SetLimitAsync(Agent, day);

        var refused = await _asking.RefusedAsync();
        Assert.Equal((50L, -50L), (refused.Account!.Amount.Microcents, refused.Left.Microcents));
    }

    /// <summary>An agent's budget may be a breaker, as any limit may.</summary>
    [Fact]
    public async Task Refusal_OfABudgetThatPauses_PausesTheAgent()
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.Total(Money.FromMicrocents(50)).ThatPauses());

        var refusal = await Assert.ThrowsAsync<NodePausedException>(() => _engine.ReserveAsync(Call()).AsTask());

        Assert.Equal(("a", "breaker"), (refusal.Node.Value, refusal.Pause.By));
        Assert.Empty(await _asking.ListAsync());
    }

    [Fact]
    public async Task Refusal_OfACallThatAsksAgain_LeavesNoRequest()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);

        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(() => _engine.ReserveAsync(Call() with { IsTentative = true }).AsTask());

        Assert.Null(refusal.Approval);
        Assert.Empty(await _asking.ListAsync());
    }

    private async Task SpendAsync(string agent = "a")
    {
        var reserved = await _engine.ReserveAsync(Call(agent));
        await reserved.EndAsync(new ProviderReport { Usage = new Usage { Input = Cost, Output = 0 } });
    }

    private async Task<(long Granted, long Left)> BalanceAsync() =>
        await _engine.FindBudgetAsync(Agent) is { } budget ? (budget.Granted.Microcents, budget.Remaining.Microcents) : default;

    private async Task<List<LedgerEntry>> LedgerAsync() => await _engine.ReadLedgerAsync().ToListAsync();
}
