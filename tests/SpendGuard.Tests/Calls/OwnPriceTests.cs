using Microsoft.Extensions.Logging;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Calls;

/// <summary>An application's own price, or a model that it has set, ends the call that it began.</summary>
public sealed class OwnPriceTests
{
    private const string Snapshot = "gpt-4o-mini-2024-07-18";

    private static readonly Usage Counted = new() { Input = 100, Output = 100 };

    /// <summary>The bundled cards of the model and of its snapshot are at 15 and 60.</summary>
    /// <param name="input">The own input rate.</param>
    /// <param name="output">The own output rate.</param>
    /// <param name="served">The model that the answer names.</param>
    /// <param name="charged">What the call costs.</param>
    [Theory]
    [InlineData(105, 315, Snapshot, 42_000)]
    [InlineData(105, 315, "gpt-4o-mini", 42_000)]
    [InlineData(105, 315, "gpt-4o", 42_000)]
    [InlineData(105, 315, "some-other-model", 42_000)]
    [InlineData(2, 8, Snapshot, 1_000)]
    public async Task OwnCard_IsWhatTheCallIsChargedAt(int input, int output, string served, long charged)
    {
        await using var engine = await EngineAsync(PriceBook.LoadBundled().With(Card("gpt-4o-mini", input, output)));

        var settlement = await CallAsync(engine, served);

        Assert.Equal((ReservationEnd.Settled, charged), (settlement.End, settlement.Charged.Microcents));
        Assert.False(settlement.Overrun);
    }

    [Fact]
    public async Task OwnCardOfTheServedModel_TakesThePlaceOfTheAskedOnes()
    {
        await using var engine = await EngineAsync(PriceBook.LoadBundled().With(Card("gpt-4o-mini", 105, 315)).With(Card(Snapshot, 1, 2)).WithExpiry(null));

        Assert.Equal(300, (await CallAsync(engine, Snapshot)).Charged.Microcents);
        Assert.Equal(42_000, (await CallAsync(engine, "gpt-4o")).Charged.Microcents);
    }

    /// <summary>Calls that all fit, in parallel, do not come to more than the budget once they have ended.</summary>
    [Fact]
    public async Task OwnCard_ManyAtOnce_StayWithinTheBudget()
    {
        await using var engine = await EngineAsync(PriceBook.LoadBundled().With(Card("gpt-4o-mini", 2, 8)), budget: 20_000);
        var calls = new List<ReservedCall>();
        for (var i = 0; i < 20; i++)
        {
            calls.Add(await engine.ReserveAsync(Call()));
        }

        foreach (var call in calls)
        {
            await call.EndAsync(new ProviderReport { Usage = Counted, Model = Snapshot });
        }

        var budget = (await engine.FindBudgetAsync("a"))!;
        Assert.Equal((20_000, 0), (budget.Spent.Microcents, budget.Held.Microcents));
        Assert.False(budget.Overdrawn);
    }

    /// <summary>The price of the snapshot is another than that of the model that is set.</summary>
    [Theory]
    [InlineData("gpt-4o-2024-05-13", 125_000)]
    [InlineData("gpt-4o-2099-01-01", 125_000)]
    [InlineData("gpt-4o-mini", 125_000)]
    [InlineData("gpt-4", 900_000)]
    public async Task ModelThatIsSet_HoldsUnderItsOtherNames_AndIsNeverLessThanAnotherModelsPrice(string served, long charged)
    {
        using var log = new RecordedLog();
        using var loggers = new LoggerFactory([log]);
        await using var engine = await EngineAsync(PriceBook.LoadBundled(), logger: loggers.CreateLogger<SpendGuardEngine>());

        var settlement = await CallAsync(engine, served, Call("gpt-4o") with { ModelIsSet = true });

        Assert.Equal(charged, settlement.Charged.Microcents);
        Assert.Equal(served is "gpt-4" or "gpt-4o-mini" ? 1 : 0, log.At(LogLevel.Warning).Count(line => line.Contains($"says that {served} served it", StringComparison.Ordinal)));
    }

    private static async Task<Settlement> CallAsync(SpendGuardEngine engine, string served, ModelCall? asked = null)
    {
        await using var call = await engine.ReserveAsync(asked ?? Call());
        return await call.EndAsync(new ProviderReport { Usage = Counted, Model = served });
    }

    private static async Task<SpendGuardEngine> EngineAsync(PriceBook book, long budget = 2_000_000, ILogger<SpendGuardEngine>? logger = null)
    {
        var engine = new SpendGuardEngine(new InMemoryBudgetStore(), new Prices(book), new SpendGuardOptions { LockedWait = TimeSpan.Zero }, time: null, logger);
        await engine.SetBudgetAsync("a", Money.FromMicrocents(budget));
        return engine;
    }

    private static RateCard Card(string model, decimal input, decimal output) => new()
    {
        Model = new ModelKey("openai", model),
        Rates = new TokenRates { Input = Rate.FromMicrocents(input), Output = Rate.FromMicrocents(output) },
        MaxInputTokens = 128_000,
        MaxOutputTokens = 16_384,
    };

    private static ModelCall Call(string model = "gpt-4o-mini") => new()
    {
        Agent = "a",
        Model = new ModelKey("openai", model),
        Shape = new CallShape { InputBound = 100, OutputTokens = 100 },
    };
}
