using SpendGuard.Billing;
using static SpendGuard.Tests.Pricing.Cards;

namespace SpendGuard.Tests.Billing;

/// <summary>The one rule for how a call ends, as a table.</summary>
public sealed class CallEndTests
{
    private static readonly Usage Counted = new() { Input = 1_000, Output = 1_000 };

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
        { "refused", ProviderReport.Refused(429), 0 },
        { "too late", ProviderReport.Refused(408), null },
        { "failed", ProviderReport.Refused(503), null },
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
        var end = CallEnd.Of(report, _ => [Of(1, 2)], askedTier: null, residencyFactor: 1);

        Assert.Equal(charged, end switch
        {
            CallEnd.Released => 0,
            CallEnd.Settled settled => settled.Bill.Total.Microcents,
            _ => null,
        });
    }
}
