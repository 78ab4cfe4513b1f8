using Microsoft.Extensions.Time.Testing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Budgets.Approvals;

/// <summary>Requests that wait for an answer, and can have none any more; and denied ones that are done with. Every call costs 100 microcents.</summary>
public sealed class OverTests : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly ModelKey Model = new("test", "model");
    private static readonly AgentId Agent = new("a");
    private static readonly Limit Day = Limit.PerDay(Money.FromMicrocents(50)).ThatAsks();

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
    private readonly SpendGuardEngine _engine;

    public OverTests()
    {
        var card = new RateCard { Model = Model, Rates = new() { Input = Rate.FromMicrocents(1), Output = Rate.FromMicrocents(1) }, MaxOutputTokens = 100_000 };
        _engine = new SpendGuardEngine(
            new InMemoryBudgetStore(), new Prices(new PriceBook("a test", DateTimeOffset.UnixEpoch, [card])), new SpendGuardOptions { LockedWait = TimeSpan.Zero }, _time);
    }

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

    [Theory]
    [InlineData("set anew")]
    [InlineData("removed")]
    [InlineData("window ended")]
    [InlineData("agent deleted")]
    public async Task Request_OfALimitThatIsNoMore_IsOver(string cause)
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Day);
        var asked = await AskedAsync();

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
        var asked = await AskedAsync();

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
        var asked = await AskedAsync();
        await _engine.MoveAsync(Agent, under: null);
        Assert.Equal(asked, Assert.Single(await ListAsync(ApprovalState.Pending)).Id);

        await _engine.DeleteGroupAsync("team");

        await AssertOverAsync(asked);
    }

    /// <summary>No window of it ends, and nobody would be asked again.</summary>
    [Fact]
    public async Task DeniedRequest_OfALimitThatRolls_IsDoneWithAWindowLater()
    {
        await _engine.CreateAgentAsync(agent: Agent);
        await _engine.SetLimitAsync(Agent, Limit.Rolling(Money.FromMicrocents(50), Hour).ThatAsks());
        var denied = await AskedAsync();
        _time.Advance(Hour / 2);
        await _engine.DenyAsync(denied);

        _time.Advance(Hour - TimeSpan.FromTicks(1));
        Assert.Equal(denied, await AskedAsync());
        _time.Advance(TimeSpan.FromTicks(1));
        var asked = await AskedAsync();

        Assert.NotEqual(denied, asked);
        Assert.Equal(asked, Assert.Single(await ListAsync(ApprovalState.Pending)).Id);
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
        var first = await AskedAsync();

        _time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromTicks(1));
        Assert.Equal(first, await AskedAsync());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(first, Assert.Single(await ListAsync(ApprovalState.Pending)).Id);
        var second = await AskedAsync();

        Assert.NotEqual(first, second);
        Assert.Equal(second, Assert.Single(await ListAsync(ApprovalState.Pending)).Id);
        Assert.Equal(first, Assert.Single(await ListAsync(ApprovalState.Over)).Id);
        Assert.Contains(
            "a newer request took its place", (await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.DenyAsync(first).AsTask())).Message, StringComparison.Ordinal);
        Assert.Equal(second, await AskedAsync());
        await _engine.ApproveAsync(second, Money.FromMicrocents(50));
    }

    private async Task AssertOverAsync(ApprovalId asked)
    {
        Assert.Empty(await ListAsync(ApprovalState.Pending));
        Assert.Equal((asked, ApprovalState.Over), Assert.Single(await ListAsync(ApprovalState.Over)) is var over ? (over.Id, over.State) : default);
        Assert.Equal(ApprovalState.Over, Assert.Single(await ListAsync(state: null)).State);
        Assert.Equal(ApprovalState.Over, (await _engine.FindApprovalAsync(asked))!.State);
        Assert.Contains("is over", (await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.DenyAsync(asked).AsTask())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "is over", (await Assert.ThrowsAsync<ApprovalOverException>(() => _engine.ApproveAsync(asked, Money.FromCents(1)).AsTask())).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await _engine.ReadLedgerAsync().ToListAsync(), entry => entry.Kind is LedgerEntryKind.Denied or LedgerEntryKind.Approved);
    }

    private static ModelCall Call() => new()
    {
        Agent = Agent,
        Model = Model,
        Shape = new CallShape { InputBound = 99, OutputTokens = 1 },
        LeastUsefulOutputTokens = 1,
    };

    private async Task<ApprovalId> AskedAsync() => (await Assert.ThrowsAsync<InsufficientBudgetException>(() => _engine.ReserveAsync(Call()).AsTask())).Approval!.Value;

    private async Task<List<Approval>> ListAsync(ApprovalState? state) => await _engine.ListApprovalsAsync(state).ToListAsync();
}
