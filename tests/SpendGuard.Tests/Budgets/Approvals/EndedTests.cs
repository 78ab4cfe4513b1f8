using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using static SpendGuard.Tests.Budgets.Approvals.AskingAgent;

namespace SpendGuard.Tests.Budgets.Approvals;

/// <summary>Requests that were approved, and whose raise lasts or does not. No call fits, also with what was added.</summary>
public sealed class EndedTests : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly AgentId Agent = new("a");
    private static readonly Money More = Money.FromMicrocents(10);
    private static readonly Limit Day = Limit.PerDay(Money.FromMicrocents(50)).ThatAsks();

    private readonly AskingAgent _asking = new();
    private readonly SpendGuardEngine _engine;
    private readonly FakeTimeProvider _time;

    public EndedTests() => (_engine, _time) = (_asking.Engine, _asking.Time);

    public async ValueTask DisposeAsync() => await _asking.DisposeAsync();

    [Theory]
    [InlineData("removed")]
    [InlineData("removed, and set again")]
    [InlineData("set to nothing")]
    [InlineData("time is over")]
    [InlineData("window ended")]
    [InlineData("agent deleted")]
    public async Task Raise_OfALimitThatIsNoMore_HasEnded(string cause)
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Day);
        var id = await ApprovedAsync(cause == "window ended" ? null : Hour);
        await _engine.SetLimitAsync(Agent, Day);
        await AssertStateAsync(id, ApprovalState.Approved);

        await (cause switch
        {
            "set to nothing" => _engine.SetLimitAsync(Agent, Limit.PerDay(Money.Zero).ThatAsks()).AsTask(),
            "agent deleted" => _engine.DeleteAgentAsync(Agent).AsTask(),
            "time is over" => Task.Run(() => _time.Advance(Hour)),
            "window ended" => Task.Run(() => _time.Advance(12 * Hour)),
            _ => _engine.RemoveLimitAsync(Agent, Day.Window).AsTask(),
        });
        if (cause == "removed, and set again")
        {
            await _engine.SetLimitAsync(Agent, Day);
        }

        await AssertStateAsync(id, ApprovalState.Ended);
    }

    [Theory]
    [InlineData("set anew")]
    [InlineData("removed")]
    [InlineData("time is over")]
    [InlineData("agent deleted")]
    public async Task Raise_OfABudgetThatIsNoMore_HasEnded(string cause)
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var id = await ApprovedAsync(cause == "time is over" ? Hour : null);
        await AssertStateAsync(id, ApprovalState.Approved);

        await (cause switch
        {
            "set anew" => _engine.SetBudgetAsync(Agent, Money.FromMicrocents(60)).AsTask(),
            "removed" => _engine.RemoveLimitAsync(Agent, LimitWindow.Total).AsTask(),
            "time is over" => Task.Run(() => _time.Advance(Hour)),
            _ => (Task)_engine.DeleteAgentAsync(Agent).AsTask(),
        });

        await AssertStateAsync(id, ApprovalState.Ended);
        var over = await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.DenyAsync(id).AsTask());
        Assert.Contains("which has ended", over.Message, StringComparison.Ordinal);
    }

    /// <summary>A raise does not say whose it is: the same amount until the same time is the newer request's.</summary>
    [Fact]
    public async Task Raise_LikeOneThatHasEnded_IsTheNewerRequests()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50), onExhausted: LimitAction.Ask);
        var first = await ApprovedAsync();
        await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(50));
        _time.Advance(Hour);
        var second = await ApprovedAsync();
        _time.Advance(Hour);
        var third = await ApprovedAsync();

        Assert.Equal([third, second], from approval in await _asking.ListAsync(ApprovalState.Approved) select approval.Id);
        Assert.Equal(first, Assert.Single(await _asking.ListAsync(ApprovalState.Ended)).Id);
        foreach (var (id, state) in ((ApprovalId, ApprovalState)[])[(first, ApprovalState.Ended), (second, ApprovalState.Approved), (third, ApprovalState.Approved)])
        {
            var asked = await _engine.FindApprovalAsync(id);
            Assert.Equal((id, state), (asked!.Id, asked.State));
        }

        var newest = await _engine.FindApprovalAsync(third);
        Assert.Equal([ApprovalState.Approved, ApprovalState.Ended], from older in await _engine.ListApprovalsAsync(before: newest).ToListAsync() select older.State);
    }

    private async Task AssertStateAsync(ApprovalId id, ApprovalState state)
    {
        Assert.Equal((id, state), Assert.Single(await _asking.ListAsync(state)) is var one ? (one.Id, one.State) : default);
        Assert.Empty(await _asking.ListAsync(state == ApprovalState.Approved ? ApprovalState.Ended : ApprovalState.Approved));
        Assert.Equal(state, Assert.Single(await _asking.ListAsync(state: null)).State);
        Assert.Equal(state, (await _engine.FindApprovalAsync(id))!.State);
    }

    private async Task<ApprovalId> ApprovedAsync(TimeSpan? lasting = null) =>
        (await _engine.ApproveAsync(await _asking.AskedAsync(), More, lasting)).Id;
}
