using Microsoft.Extensions.Time.Testing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Budgets.Approvals;

/// <summary>Requests that were approved, and whose raise lasts or does not. No call fits, also with what was added.</summary>
public sealed class EndedTests : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly Money More = Money.FromMicrocents(10);
    private static readonly ModelKey Model = new("test", "model");
    private static readonly AgentId Agent = new("a");
    private static readonly Limit Day = Limit.PerDay(Money.FromMicrocents(50)).ThatAsks();

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
    private readonly SpendGuardEngine _engine;

    public EndedTests()
    {
        var card = new RateCard { Model = Model, Rates = new() { Input = Rate.FromMicrocents(1), Output = Rate.FromMicrocents(1) }, MaxOutputTokens = 100_000 };
        _engine = new SpendGuardEngine(
            new InMemoryBudgetStore(), new Prices(new PriceBook("a test", DateTimeOffset.UnixEpoch, [card])), new SpendGuardOptions { LockedWait = TimeSpan.Zero }, _time);
    }

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

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

        Assert.Equal([third, second], from approval in await ListAsync(ApprovalState.Approved) select approval.Id);
        Assert.Equal(first, Assert.Single(await ListAsync(ApprovalState.Ended)).Id);
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
        Assert.Equal((id, state), Assert.Single(await ListAsync(state)) is var one ? (one.Id, one.State) : default);
        Assert.Empty(await ListAsync(state == ApprovalState.Approved ? ApprovalState.Ended : ApprovalState.Approved));
        Assert.Equal(state, Assert.Single(await ListAsync(state: null)).State);
        Assert.Equal(state, (await _engine.FindApprovalAsync(id))!.State);
    }

    private static ModelCall Call() => new()
    {
        Agent = Agent,
        Model = Model,
        Shape = new CallShape { InputBound = 99, OutputTokens = 1 },
        LeastUsefulOutputTokens = 1,
    };

    private async Task<ApprovalId> ApprovedAsync(TimeSpan? lasting = null)
    {
        var refused = await Assert.ThrowsAsync<InsufficientBudgetException>(() => _engine.ReserveAsync(Call()).AsTask());
        return (await _engine.ApproveAsync(refused.Approval!.Value, More, lasting)).Id;
    }

    private async Task<List<Approval>> ListAsync(ApprovalState? state) => await _engine.ListApprovalsAsync(state).ToListAsync();
}
