using System.Text;
using Snapshooter.Xunit;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Import;
using SpendGuard.Providers;
using static SpendGuard.Tests.Pricing.Cards;

namespace SpendGuard.Tests.Pricing.Import;

public class LiteLLMPricesTests
{
    private static readonly DateTimeOffset Fetched = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly PriceImport Sample = PriceImport.FromLiteLLM(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Pricing", "Import", "litellm.json")), Fetched, Vendor.TermsOf);

    [Fact]
    public void Import_Sample_GivesThisDocument() => Snapshot.Match(Encoding.UTF8.GetString(Sample.Document.Span));

    [Fact]
    public void Import_Sample_TellsWhatItRefusedAndCorrected() =>
        Snapshot.Match(string.Join('\n', [
            .. Sample.Refused.Select(note => $"refused {note.Name}: {note.Reason}"),
            .. Sample.Corrected.Select(note => $"corrected {note.Name}: {note.Reason}")]));

    [Theory]
    [InlineData("openai", "gpt-plain", "15", "60")]
    [InlineData("openai", "gpt-noise", "70", "280")]
    [InlineData("openai", "gpt-fraction", "1.9", "0.46875")]
    [InlineData("anthropic", "claude-long", "300", "1500")]
    [InlineData("gemini", "gemini-grounded", "200", "1200")]
    [InlineData("grok", "grok-thinks", "200", "600")]
    public void Import_DollarsAToken_AreExactlyCentsPerMillion(string provider, string model, string input, string output)
    {
        var rates = Card(provider, model).Rates;

        Assert.Equal((R(decimal.Parse(input)), R(decimal.Parse(output))), (rates.Input, rates.Output));
    }

    [Theory]
    [InlineData("gpt-no-output")]
    [InlineData("gpt-no-input")]
    [InlineData("gpt-free")]
    [InlineData("gpt-free-above")]
    [InlineData("gpt-text-price")]
    [InlineData("gpt-negative")]
    [InlineData("gpt-new-price")]
    [InlineData("gpt-ranges")]
    [InlineData("gpt-image")]
    [InlineData("gpt-latest")]
    [InlineData("ft:gpt-plain")]
    [InlineData("gemini/gemini-pro-latest")]
    [InlineData("gemini/gemini-1-flash")]
    public void Import_RowThatCannotBeAPrice_IsRefusedAndNotZero(string name)
    {
        Assert.Single(Sample.Refused, note => note.Name == name);
        Assert.DoesNotContain(Sample.Book.Models, model => name.EndsWith(model.Model, StringComparison.Ordinal) && name != "ft:gpt-plain");
    }

    [Fact]
    public void Import_SecondRowOfOneModel_IsRefused()
    {
        Assert.Contains(Sample.Refused, note => note == new PriceImportNote("openai/gpt-plain", "gpt-plain names the same model and was taken."));
        Assert.Equal(R(15), Card("openai", "gpt-plain").Rates.Input);
    }

    [Theory]
    [InlineData("openai", "gpt-tiers", 272_000, false)]
    [InlineData("anthropic", "claude-long", 200_000, false)]
    [InlineData("gemini", "gemini-grounded", 200_000, false)]
    [InlineData("grok", "grok-thinks", 200_000, true)]
    public void Import_ContextTier_BeginsBeyondItsThresholdAndAtXaiOnIt(string provider, string model, long threshold, bool inclusive)
    {
        var card = Card(provider, model);

        Assert.Equal((threshold, inclusive), (Assert.Single(card.ContextTiers).Threshold, card.ContextTiers[0].Inclusive));
        Assert.Equal(inclusive, card.RatesFor(threshold) != card.Rates);
        Assert.NotEqual(card.Rates, card.RatesFor(threshold + 1));
    }

    [Fact]
    public void Import_RateThatATierLeavesOut_IsThatOfTheCardAndItsPartsRiseWithInput()
    {
        var tier = Assert.Single(Card("gemini", "gemini-grounded").ContextTiers).Rates;

        Assert.Equal((R(400), R(1200), R(40)), (tier.Input, tier.Output, tier.CachedInput!.Value));
    }

    [Fact]
    public void Import_ServiceTiers_AreTheDearestFactorOfTheirRates()
    {
        var card = Card("openai", "gpt-tiers");

        Assert.Equal(new ServiceTier(2, 2), card.ServiceTiers["priority"]);
        Assert.Equal(new ServiceTier(2, 2), card.ServiceTiers["fast"]);
        Assert.Equal(new ServiceTier(0.52m, 0.5m), card.ServiceTiers["flex"]);
        Assert.Equal(3, card.ServiceTiers.Count);
        Assert.Equal((R(800), R(2400)), (card.RatesFor(300_000, "priority").Input, card.RatesFor(300_000, "priority").Output));
    }

    [Fact]
    public void Import_AnthropicMultipliers_AreServiceTiers()
    {
        var tiers = Card("anthropic", "claude-long").ServiceTiers;

        Assert.Equal((new ServiceTier(6, 6), new ServiceTier(1.1m, 1.1m)), (tiers["fast"], tiers["us"]));
    }

    [Theory]
    [InlineData("anthropic", "claude-long", 375, 600)]
    [InlineData("anthropic", "claude-cheap-hour", 1875, 3000)]
    [InlineData("anthropic", "claude-silent", 125, 200)]
    [InlineData("openai", "gpt-5.6-writes", 625, null)]
    [InlineData("openai", "gpt-cheap-writes", null, null)]
    [InlineData("openai", "gpt-plain", null, null)]
    public void Import_CacheWrites_AreNeverBelowWhatTheProviderCharges(string provider, string model, int? write, int? longWrite)
    {
        var rates = Card(provider, model).Rates;

        Assert.Equal((write, longWrite), ((int?)rates.CacheWrite?.Microcents, (int?)rates.LongCacheWrite?.Microcents));
    }

    [Fact]
    public void Import_ZeroForCachedInput_CountsAsInput() =>
        Assert.Equal(R(30), Card("gemini", "gemini-cached-for-nothing").Rates.Of(UsageCategory.CachedInput));

    [Fact]
    public void Import_ImageTokensDearerThanText_CountForBoth() =>
        Assert.Equal(R(3000), Card("gemini", "gemini-pictures").Rates.Output);

    [Fact]
    public void Import_SearchFee_IsTheDearestOfTheContextSizes()
    {
        Assert.Equal(Rate.FromCents(3), Card("openai", "gpt-tiers").Fees[UsageCategory.WebSearch]);
        Assert.Equal(Rate.FromCents(0.25m), Card("openai", "gpt-tiers").Fees[UsageCategory.FileSearch]);
        Assert.Equal(Rate.FromCents(1.4m), Card("gemini", "gemini-grounded").Fees[UsageCategory.GroundingQuery]);
    }

    [Fact]
    public void Import_Reasoning_IsOutsideTheCapAtXaiOnly()
    {
        Assert.True(Card("grok", "grok-thinks").ReasoningOutsideCap);
        Assert.False(Card("grok", "grok-1-non-reasoning").ReasoningOutsideCap);
        Assert.DoesNotContain(Sample.Book.Models.Where(model => model.Provider != "grok"), model => Card(model.Provider, model.Model).ReasoningOutsideCap);
    }

    [Theory]
    [InlineData("openai", "gpt-plain", 128_000L, 16_384L)]
    [InlineData("grok", "grok-thinks", 200_000L, 200_000L)]
    [InlineData("openai", "gpt-noise", null, null)]
    public void Import_Limits_AreWholeNumbersOrNotKnown(string provider, string model, long? input, long? output)
    {
        var card = Card(provider, model);

        Assert.Equal((input, output), (card.MaxInputTokens, card.MaxOutputTokens));
    }

    [Fact]
    public void Import_OtherProviders_AreLeftOutUnlessAskedFor()
    {
        Assert.Equal(["anthropic", "gemini", "grok", "openai"], Sample.Book.Models.Select(model => model.Provider).Distinct().Order());

        var asked = PriceImport.FromLiteLLM(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Pricing", "Import", "litellm.json")), Fetched, Vendor.TermsOf, "azure");
        Assert.Equal([new ModelKey("azure", "gpt-plain")], asked.Book.Models.Except(Sample.Book.Models));
        Assert.Contains(asked.Refused, note => note.Name == "azure/latest");
    }

    private static RateCard Card(string provider, string model) => Assert.Single(Sample.Book.Find(new ModelKey(provider, model), Fetched, Fetched));
}
