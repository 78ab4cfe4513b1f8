using System.Text;
using SpendGuard.Bounds;
using SpendGuard.Pricing;

namespace SpendGuard.Tests.Pricing;

/// <summary>A call is held at the dearest prices that may be in force until it has ended.</summary>
public class AnnouncedChangesTests
{
    private static readonly CallShape Call = new() { InputBound = 1000, OutputTokens = 500 };

    [Theory]
    [InlineData("gemini-4-argon", "2026-12-01")]
    [InlineData("gemini-4-carbon", "2026-12-01")]
    [InlineData("gemini-3.6-flash", "2027-01-01")]
    [InlineData("gemini-3.7-flash", "2027-01-01")]
    [InlineData("gemini-3.8-flash", "2027-01-01")]
    public void WorstCase_OfACallThatMayEndAfterTheRise_IsAtTheRisenPrices(string model, string day)
    {
        var (book, key) = (PriceBook.LoadBundled(), new ModelKey("gemini", model));
        var rise = DateTimeOffset.Parse(day + "T00:00:00Z");

        var before = WorstCase.Of(Call, book.Find(key, rise.AddMinutes(-10), rise.AddTicks(-1))).At(500);
        var across = WorstCase.Of(Call, book.Find(key, rise.AddMinutes(-10), rise)).At(500);
        var after = WorstCase.Of(Call, book.Find(key, rise, rise.AddMinutes(10))).At(500);

        Assert.Equal(after, across);
        Assert.Equal(2 * before.Microcents, after.Microcents);
    }

    [Fact]
    public void WorstCase_OfAServiceTierWhoseFactorRises_IsAtTheRisenFactor()
    {
        var book = PriceBook.Parse(Encoding.UTF8.GetBytes("""
            {"generated_at":"2026-11-23T00:00:00Z","rates":{"openai":{"gpt-quick":{"input_cents_per_1m":200,"output_cents_per_1m":1000,
              "service_tiers":{"ultrafast":{"input_factor":3,"output_factor":3}},
              "changes":[{"effective_from":"2027-03-01T00:00:00Z","service_tiers":{"ultrafast":{"input_factor":6,"output_factor":6}}}]}}}}
            """), "a test");
        var rise = new DateTimeOffset(2027, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var (standard, ultrafast) = (At(null, rise.AddMinutes(-1), rise), At("ultrafast", rise.AddMinutes(-1), rise));

        Assert.Equal(6 * standard, ultrafast);
        Assert.Equal(3 * standard, At("ultrafast", rise.AddMinutes(-1), rise.AddTicks(-1)));

        long At(string? tier, DateTimeOffset from, DateTimeOffset to) =>
            WorstCase.Of(Call with { ServiceTier = tier }, book.Find(new ModelKey("openai", "gpt-quick"), from, to)).At(500).Microcents;
    }
}
