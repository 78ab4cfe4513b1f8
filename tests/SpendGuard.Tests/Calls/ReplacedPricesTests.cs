using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Calls;

/// <summary>Other prices that come while a call runs do not make cheaper what the provider may have billed by those before.</summary>
public sealed class ReplacedPricesTests
{
    private const string Asked = "gpt-4o-mini", Snapshot = "gpt-4o-mini-2024-07-18";

    /// <summary>The bundled cards of the model and of its snapshot are at 15 and 60.</summary>
    [Theory]
    [InlineData(Asked, 1, 7_500)]
    [InlineData(Snapshot, 1, 7_500)]
    [InlineData(Snapshot, 100, 20_000)]
    public async Task PricesReplacedDuringACall_TheDearestIsCharged(string served, int rate, long charged)
    {
        var prices = new Prices(PriceBook.LoadBundled());
        await using var engine = new SpendGuardEngine(new InMemoryBudgetStore(), prices);
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        await using var call = await engine.ReserveAsync(new ModelCall
        {
            Agent = "a", Model = new ModelKey("openai", Asked), Shape = new CallShape { InputBound = 100, OutputTokens = 100 },
        });

        prices.Swap(new PriceBook("later", DateTimeOffset.UtcNow, [Card(Asked, rate), Card(Snapshot, rate)]));
        var settlement = await call.EndAsync(new ProviderReport { Usage = new Usage { Input = 100, Output = 100 }, Model = served });

        Assert.Equal((ReservationEnd.Settled, charged), (settlement.End, settlement.Charged.Microcents));
    }

    private static RateCard Card(string model, int rate) => new()
    {
        Model = new ModelKey("openai", model),
        Rates = new TokenRates { Input = Rate.FromMicrocents(rate), Output = Rate.FromMicrocents(rate) },
        MaxInputTokens = 128_000,
        MaxOutputTokens = 16_384,
    };
}
