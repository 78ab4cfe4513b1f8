using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Calls;

/// <summary>
/// What one call may hold of a budget leaves room for others, and never so little that an answer is cut to a few words while there is money
/// for a whole one.
/// </summary>
public sealed class OrdinaryAnswerTests
{
    private const long Input = 1_000;
    private const long Ordinary = WorstCases.OrdinaryOutput;

    private static readonly ModelKey Model = new("test", "model");
    private static readonly AgentId Agent = new("a");

    [Theory]
    [InlineData(40_000, 100_000, 9_000)]
    [InlineData(20_000, 100_000, Ordinary)]
    [InlineData(8_000, 100_000, Ordinary)]
    [InlineData(8_000, 300, 300)]
    [InlineData(3_000, 100_000, 2_000)]
    public async Task Share_LeavesAnOrdinaryAnswer(long budget, long asked, long cap)
    {
        var engine = await EngineAsync(budget);

        Assert.Equal(cap, (await ReserveAsync(engine, asked)).OutputCap);
    }

    [Fact]
    public async Task CallBesideAnother_WaitsForAnOrdinaryAnswer()
    {
        var engine = await EngineAsync(8_000);
        var other = await ReserveAsync(engine, 100_000);

        await Assert.ThrowsAsync<BudgetLockedException>(() => ReserveAsync(engine, 100_000));
        await other.EndAsync(new ProviderReport { Usage = new Usage { Input = 500, Output = 1_000 } });

        Assert.Equal(Ordinary, (await ReserveAsync(engine, 100_000)).OutputCap);
    }

    [Fact]
    public async Task LastOfABudget_GoesToOneCallAfterTheOther()
    {
        var engine = await EngineAsync(3_000);
        var other = await ReserveAsync(engine, 100_000);

        await Assert.ThrowsAsync<BudgetLockedException>(() => ReserveAsync(engine, 100_000));
        await other.EndAsync(new ProviderReport { Usage = new Usage { Input = 500, Output = 700 } });

        Assert.Equal(800, (await ReserveAsync(engine, 100_000)).OutputCap);
    }

    private static Task<ReservedCall> ReserveAsync(SpendGuardEngine engine, long output) => engine.ReserveAsync(
        new ModelCall { Agent = Agent, Model = Model, Shape = new CallShape { InputBound = Input, OutputTokens = output } }).AsTask();

    private static async Task<SpendGuardEngine> EngineAsync(long budget)
    {
        var card = new RateCard { Model = Model, Rates = new() { Input = Rate.FromMicrocents(1), Output = Rate.FromMicrocents(1) }, MaxOutputTokens = 100_000 };
        var engine = new SpendGuardEngine(
            new InMemoryBudgetStore(),
            new Prices(new PriceBook("a test", DateTimeOffset.UnixEpoch, [card])),
            new SpendGuardOptions { LockedWait = TimeSpan.Zero });
        await engine.SetBudgetAsync(Agent, Money.FromMicrocents(budget), Money.FromMicrocents(budget), maxCallShare: 25);
        return engine;
    }
}
