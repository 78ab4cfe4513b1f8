using Microsoft.Extensions.Time.Testing;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Budgets;

/// <summary>What a settlement says to be left is the least of all that the call was held in.</summary>
public sealed class LeftTests
{
    private const long Cost = 100;
    private static readonly ModelKey Model = new("test", "model");
    private static readonly AgentId Agent = new("a");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 23, 59, 0, TimeSpan.Zero));
    private readonly SpendGuardEngine _engine;

    public LeftTests()
    {
        var card = new RateCard { Model = Model, Rates = new() { Input = Rate.FromMicrocents(1), Output = Rate.FromMicrocents(1) }, MaxOutputTokens = 100_000 };
        _engine = new SpendGuardEngine(
            new InMemoryBudgetStore(), new Prices(new PriceBook("a test", DateTimeOffset.UnixEpoch, [card])), new SpendGuardOptions { LockedWait = TimeSpan.Zero }, _time);
    }

    [Theory]
    [InlineData(1_000, 2_000, 3_000, 900)]
    [InlineData(3_000, 1_000, 2_000, 900)]
    [InlineData(2_000, 3_000, 1_000, 900)]
    [InlineData(null, 2_000, 1_000, 900)]
    [InlineData(1_000, null, null, 900)]
    public async Task Left_IsTheLeast(int? budget, int? own, int? groups, long left)
    {
        await SetAsync(budget, own, groups);

        Assert.Equal(left, (await CallAsync()).Left?.Microcents);
    }

    /// <summary>As the remaining amount of a budget, it has what other calls hold.</summary>
    [Fact]
    public async Task Left_HasWhatIsHeld()
    {
        await SetAsync(budget: null, own: 1_000, groups: null);
        await using var other = await _engine.ReserveAsync(Call());

        Assert.Equal(900, (await CallAsync()).Left?.Microcents);
    }

    [Fact]
    public async Task Left_AfterTheWindowHasEnded_IsTheNextWindow()
    {
        await SetAsync(budget: null, own: 1_000, groups: null);
        var reserved = await _engine.ReserveAsync(Call());
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(1_000, (await reserved.EndAsync(Report)).Left?.Microcents);
    }

    [Fact]
    public async Task Left_IsOfTheRun_WhereThatIsLess()
    {
        await SetAsync(budget: 1_000, own: null, groups: null);

        Assert.Equal(300, (await CallAsync(Call() with { Run = new RunId("r"), RunLimit = Money.FromMicrocents(400) })).Left?.Microcents);
        Assert.Equal(800, (await CallAsync()).Left?.Microcents);
    }

    [Fact]
    public async Task Left_WhereNothingLimitsTheAgentAnyMore_IsNotKnown()
    {
        await SetAsync(budget: 1_000, own: null, groups: null);
        var reserved = await _engine.ReserveAsync(Call());
        await _engine.RemoveLimitAsync(Agent, LimitWindow.Total);

        var settlement = await reserved.EndAsync(Report);

        Assert.Equal((false, null), (settlement.IsPending, settlement.Left));
    }

    [Fact]
    public async Task RunLimit_NeedsARun()
    {
        await SetAsync(budget: 1_000, own: null, groups: null);

        await Assert.ThrowsAsync<ArgumentException>(() => _engine.ReserveAsync(Call() with { RunLimit = Money.FromMicrocents(400) }).AsTask());
    }

    private static ProviderReport Report => new() { Usage = new Usage { Input = Cost, Output = 0 } };

    private static ModelCall Call() => new() { Agent = Agent, Model = Model, Shape = new CallShape { InputBound = 200, OutputTokens = 16 } };

    private async Task<Settlement> CallAsync(ModelCall? call = null)
    {
        await using var reserved = await _engine.ReserveAsync(call ?? Call());
        return await reserved.EndAsync(Report);
    }

    private async Task SetAsync(long? budget, long? own, long? groups)
    {
        await _engine.CreateGroupAsync("g");
        await _engine.CreateAgentAsync(agent: Agent, under: "g");
        if (budget is { } total)
        {
            await _engine.SetBudgetAsync(Agent, Money.FromMicrocents(total));
        }

        if (own is { } day)
        {
            await _engine.SetLimitAsync(Agent, Limit.PerDay(Money.FromMicrocents(day)));
        }

        if (groups is { } month)
        {
            await _engine.SetLimitAsync("g", Limit.Rolling(Money.FromMicrocents(month), TimeSpan.FromHours(1)));
        }
    }
}
