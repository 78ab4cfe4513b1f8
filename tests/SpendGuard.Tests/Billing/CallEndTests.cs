using SpendGuard.Billing;
using SpendGuard.Providers;
using static SpendGuard.Tests.Pricing.Cards;

namespace SpendGuard.Tests.Billing;

/// <summary>The one rule for how a call ends, as a table.</summary>
public sealed class CallEndTests
{
    private static readonly Usage Counted = new() { Input = 1_000, Output = 1_000 };

    private static readonly ServedPrices Prices = new("model", [Of(1, 2)], _ => [], _ => false);

    public static TheoryData<string, ProviderReport, long?> Reports() => new()
    {
        { "counted", new() { Usage = Counted }, 3_000 },
        { "stated", new() { Usage = Counted, StatedCost = Money.FromMicrocents(70) }, 70 },
        { "stated, nothing counted", new() { Usage = new Usage(), StatedCost = Money.FromMicrocents(70) }, 70 },
        { "a statement of nothing is none", new() { Usage = Counted, StatedCost = Money.Zero }, 3_000 },
        { "stated to be more than what is counted", new() { Usage = Counted, LeastCost = Money.FromMicrocents(3_001) }, 3_001 },
        { "stated to be less than what is counted", new() { Usage = Counted, LeastCost = Money.FromMicrocents(2_999) }, 3_000 },
        { "stated to be something, without a count", new() { LeastCost = Money.FromMicrocents(70), Unbilled = true }, null },
        { "known to cost nothing", ProviderReport.NotBilled, 0 },
        { "counted, whatever else is said", new() { Usage = Counted, Unbilled = true }, 3_000 },
        { "stated, whatever else is said", new() { Usage = new Usage(), StatedCost = Money.FromMicrocents(70), Unbilled = true }, 70 },
        { "refused", Vendor.Of("openai").ReportError(429), 0 },
        { "too late", Vendor.Of("openai").ReportError(408), null },
        { "failed", Vendor.Of("openai").ReportError(503), null },
        { "never connected", ProviderReport.Failed(new HttpRequestException(HttpRequestError.ConnectionError), ""), 0 },
        { "cut off", ProviderReport.Failed(new HttpRequestException(HttpRequestError.ResponseEnded), "it broke off"), null },
        { "nothing came", ProviderReport.Failed(null, "nothing came"), null },
        { "nothing counted", new() { Usage = new Usage() }, null },
        { "nothing counted, and a statement of nothing", new() { Usage = new Usage(), StatedCost = Money.Zero }, null },
        { "stated without a count", new() { StatedCost = Money.FromMicrocents(70), Unbilled = true }, null },
        { "counted in part", new() { Usage = Counted, Incomplete = "the stream broke off" }, null },
        { "stated in part", new() { Usage = Counted, StatedCost = Money.FromMicrocents(70), Incomplete = "the stream broke off" }, null },
        { "nobody told", ProviderReport.Unknown("nobody told"), null },
        { "without a price", new() { Usage = new Usage { AudioInput = 1 } }, null },
    };

    /// <param name="_">What came back.</param>
    /// <param name="report">What it says.</param>
    /// <param name="charged">What is charged; null for a forfeit.</param>
    [Theory]
    [MemberData(nameof(Reports))]
    public void Report_MakesTheEnd(string _, ProviderReport report, long? charged)
    {
        var end = CallEnd.Of(report, Prices, askedTier: null, residencyFactor: 1);

        Assert.Equal(charged, end switch
        {
            CallEnd.Released => 0,
            CallEnd.Settled settled => settled.Bill.Total.Microcents,
            _ => null,
        });
    }

    /// <summary>Whatever leaves a cost unknown, what is known of it is not lost.</summary>
    public static TheoryData<string, ProviderReport, long> Forfeits() => new()
    {
        { "nobody told", ProviderReport.Unknown("nobody told"), 0 },
        { "nothing counted", new() { Usage = new Usage() }, 0 },
        { "one category without a price", new() { Usage = Counted with { AudioInput = 1 } }, 3_000 },
        { "nothing with a price", new() { Usage = new Usage { AudioInput = 1, WebSearches = 2 } }, 0 },
        { "counted in part", new() { Usage = Counted, Incomplete = "it broke off" }, 3_000 },
        { "counted in part, stated at more", new() { Usage = Counted, StatedCost = Money.FromMicrocents(9_000), Incomplete = "it broke off" }, 9_000 },
        { "counted in part, stated at less", new() { Usage = Counted, StatedCost = Money.FromMicrocents(70), Incomplete = "it broke off" }, 3_000 },
        { "stated without a count", new() { StatedCost = Money.FromMicrocents(70) }, 70 },
        { "stated without a count, whatever else is said", new() { StatedCost = Money.FromMicrocents(70), Unbilled = true }, 70 },
        { "said to be more without a count", new() { LeastCost = Money.FromMicrocents(70) }, 70 },
        { "served by an unknown model", new() { Usage = Counted, Model = "other" }, 3_000 },
        { "served at an unknown tier", new() { Usage = Counted, ServiceTier = "scale" }, 3_000 },
        { "a run of an unknown model", new() { Usage = Counted with { Iterations = [new Iteration(Model: null, Counted), new Iteration("other", Counted)] } }, 6_000 },
        { "a count below zero", new() { Usage = Counted with { CachedInput = -5 } }, 3_000 },
        { "a cost out of range", new() { Usage = new Usage { Input = 1, Output = long.MaxValue } }, KnownCost.Most.Microcents },
        { "input out of range", new() { Usage = new Usage { Input = long.MaxValue, CachedInput = long.MaxValue } }, KnownCost.Most.Microcents },
    };

    /// <param name="_">What came back.</param>
    /// <param name="report">What it says.</param>
    /// <param name="known">What is known of the cost.</param>
    [Theory]
    [MemberData(nameof(Forfeits))]
    public void Report_LeavesTheCostUnknown_KnowsWhatItCanPrice(string _, ProviderReport report, long known)
    {
        var end = Assert.IsType<CallEnd.Forfeited>(CallEnd.Of(report, Prices, askedTier: null, residencyFactor: 1));

        Assert.Equal(known, end.Known.Microcents);
        Assert.NotEmpty(end.Reason);
    }

    /// <summary>An embedding's price has no output: where output was counted, another model gave it.</summary>
    [Theory]
    [InlineData(1_000, 1_000, 3_000)]
    [InlineData(0, 9, 18)]
    [InlineData(1_000, 0, 50_000)]
    public void Output_FreeAtTheServedModel_IsChargedAtTheAskedOne(long input, long output, long charged)
    {
        var prices = new ServedPrices("model", [Of(1, 2)], _ => [Of(output == 0 ? 50 : 0.5m, 0)], _ => false);

        var end = CallEnd.Of(new ProviderReport { Usage = new Usage { Input = input, Output = output }, Model = "embed" }, prices, askedTier: null, residencyFactor: 1);

        Assert.Equal(charged, Assert.IsType<CallEnd.Settled>(end).Bill.Total.Microcents);
    }
}
