using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using static SpendGuard.Tests.Budgets.Approvals.AskingAgent;

namespace SpendGuard.Tests.Budgets.Approvals;

/// <summary>Requests that wait for an answer, and can have none any more; and denied ones that are done with. Every call costs 100 microcents.</summary>
public sealed class OverTests : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly AgentId Agent = new("a");
    private static readonly Limit Day = Limit.PerDay(Money.FromMicrocents(50)).ThatAsks();

    private readonly AskingAgent _asking = new();
    private readonly SpendGuardEngine _engine;
    private readonly FakeTimeProvider _time;

    public OverTests() => (_engine, _time) = (_asking.Engine, _asking.Time);

    public async ValueTask DisposeAsync() => await _asking.DisposeAsync();

    [Theory]
    [InlineData("set anew")]
    [InlineData("removed")]
    [InlineData("window ended")]
    [InlineData("agent deleted")]
    public async Task Request_OfALimitThatIsNoMore_IsOver(string cause)
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Day);
        var asked = await _asking.AskedAsync();

        await (cause switch
        {
            "set anew" => _engine.SetLimitAsync(Agent, Day).AsTask(),
            "removed" => _engine.RemoveLimitAsync(Agent, Day.Window).AsTask(),
            "agent deleted" => _engine.DeleteAgentAsync(Agent).AsTask(),
            _ => Task.Run(() => _time.Advance(TimeSpan.FromHours(12))),
        });

        await AssertOverAsync(asked);
    }

    [Theory]
    [InlineData("set anew")]
    [InlineData("removed")]
    [InlineData("agent deleted")]
    public async Task Request_OfABudgetThatIsNoMore_IsOver(string cause)
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var asked = await _asking.AskedAsync();

        await (cause switch
        {
            "set anew" => _engine.SetBudgetAsync(Agent, Money.FromMicrocents(60)).AsTask(),
            "removed" => _engine.RemoveLimitAsync(Agent, LimitWindow.Total).AsTask(),
            _ => (Task)_engine.DeleteAgentAsync(Agent).AsTask(),
        });

        await AssertOverAsync(asked);
    }

    [Fact]
    public async Task Request_OfAGroupThatWasDeleted_IsOver()
    {
        await _engine.CreateGroupAsync("team");
        await _engine.CreateAgentAsync(agent: Agent, under: "team");
        await _engine.SetLimitAsync("team", Day);
        var asked = await _asking.AskedAsync();
        await _engine.MoveAsync(Agent, under: null);
        Assert.Equal(asked, Assert.Single(await _asking.ListAsync(ApprovalState.Pending)).Id);

        await _engine.DeleteGroupAsync("team");

        await AssertOverAsync(asked);
    }

    /// <summary>No window of it ends, and nobody would be asked again.</summary>
    [Fact]
    public async Task DeniedRequest_OfALimitThatRolls_IsDoneWithAWindowLater()
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.Rolling(Money.FromMicrocents(50), Hour).ThatAsks());
        var denied = await _asking.AskedAsync();
        _time.Advance(Hour / 2);
        await _engine.DenyAsync(denied);

        _time.Advance(Hour - TimeSpan.FromTicks(1));
        Assert.Equal(denied, await _asking.AskedAsync());
        _time.Advance(TimeSpan.FromTicks(1));
        var asked = await _asking.AskedAsync();

        Assert.NotEqual(denied, asked);
        Assert.Equal(asked, Assert.Single(await _asking.ListAsync(ApprovalState.Pending)).Id);
        Assert.Equal(ApprovalState.Denied, (await _engine.FindApprovalAsync(denied))!.State);
        await _engine.ApproveAsync(asked, Money.FromMicrocents(50));
        await using var reserved = await _engine.ReserveAsync(Call());
    }

    /// <summary>Nobody may have heard of it. Until another takes its place it can be answered still; somebody may be about to.</summary>
    [Theory]
    [InlineData(24 * 60, 24 * 60)]
    [InlineData(1, 60)]
    public async Task UnansweredRequest_OfALimitThatRolls_IsMadeAnew_AWindowLater_ButNotWithinAnHour(int windowMinutes, int minutes)
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.Rolling(Money.FromMicrocents(50), TimeSpan.FromMinutes(windowMinutes)).ThatAsks());
        var first = await _asking.AskedAsync();

        _time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromTicks(1));
        Assert.Equal(first, await _asking.AskedAsync());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(first, Assert.Single(await _asking.ListAsync(ApprovalState.Pending)).Id);
        var second = await _asking.AskedAsync();

        Assert.NotEqual(first, second);
        Assert.Equal(second, Assert.Single(await _asking.ListAsync(ApprovalState.Pending)).Id);
        Assert.Equal(first, Assert.Single(await _asking.ListAsync(ApprovalState.Over)).Id);
        Assert.Contains(
            "a newer request took its place", (await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.DenyAsync(first).AsTask())).Message, StringComparison.Ordinal);
        Assert.Equal(second, await _asking.AskedAsync());
        await _engine.ApproveAsync(second, Money.FromMicrocents(50));
    }

    private async Task AssertOverAsync(ApprovalId asked)
    {
        Assert.Empty(await _asking.ListAsync(ApprovalState.Pending));
        Assert.Equal((asked, ApprovalState.Over), Assert.Single(await _asking.ListAsync(ApprovalState.Over)) is var over ? (over.Id, over.State) : default);
        Assert.Equal(ApprovalState.Over, Assert.Single(await _asking.ListAsync(state: null)).State);
        Assert.Equal(ApprovalState.Over, (await _engine.FindApprovalAsync(asked))!.State);
        Assert.Contains("is over", (await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.DenyAsync(asked).AsTask())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "is over", (await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.ApproveAsync(asked, Money.FromCents(1)).AsTask())).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await _engine.ReadLedgerAsync().ToListAsync(), entry => entry.Kind is LedgerEntryKind.Denied or LedgerEntryKind.Approved);
    }
}
