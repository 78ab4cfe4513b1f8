using System.Text;
using Snapshooter.Xunit;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Import;
using SpendGuard.Providers;
using static SpendGuard.Tests.Pricing.Cards;

namespace SpendGuard.Tests.Pricing.Import;

public class ModelsDevPricesTests
{
    private static readonly DateTimeOffset Fetched = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Json = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Pricing", "Import", "models.dev.json"));
    private static readonly PriceImport Sample = PriceImport.FromModelsDev(Json, Fetched, Vendor.TermsOf);

    [Fact]
    public void Import_Sample_GivesThisDocument() => Snapshot.Match(Encoding.UTF8.GetString(Sample.Document.Span));

    [Fact]
    public void Import_Sample_TellsWhatItRefused() =>
        Snapshot.Match(string.Join('\n', Sample.Refused.Concat(Sample.Corrected).Select(note => $"{note.Name}: {note.Reason}")));

    [Theory]
    [InlineData("openai/gpt-other-tier")]
    [InlineData("openai/gpt-no-cost")]
    [InlineData("openai/gpt-no-output")]
    [InlineData("openai/gpt-free")]
    [InlineData("openai/gpt-new-price")]
    [InlineData("openai/gpt-latest")]
    public void Import_RowThatCannotBeAPrice_IsRefusedAndNotZero(string name)
    {
        Assert.Single(Sample.Refused, note => note.Name == name);
        Assert.DoesNotContain(Sample.Book.Models, model => model.ToString() == name.Replace('/', ':'));
    }

    [Fact]
    public void Import_DollarsAMillion_AreExactlyCents()
    {
        var rates = Card("gemini", "gemini-hears").Rates;

        Assert.Equal(
            new TokenRates { Input = R(30), Output = R(250), ReasoningOutput = R(250), CachedInput = R(3), AudioInput = R(100), AudioOutput = R(1200) },
            rates);
    }

    [Fact]
    public void Import_BothWaysToStateATier_IsTheList()
    {
        var tier = Assert.Single(Card("openai", "gpt-fast").ContextTiers);

        Assert.Equal((272_000, false, R(1000), R(4500), R(100)), (tier.Threshold, tier.Inclusive, tier.Rates.Input, tier.Rates.Output, tier.Rates.CachedInput!.Value));
    }

    [Fact]
    public void Import_OlderTierAlone_IsAbove200000()
    {
        var card = Card("openai", "gpt-older-tier");

        Assert.Equal((R(125), R(250)), (card.RatesFor(200_000).Input, card.RatesFor(200_001).Input));
    }

    [Fact]
    public void Import_FastMode_HasTheNamesThatTheProviderTakes()
    {
        Assert.Equal(["fast", "priority"], Card("openai", "gpt-fast").ServiceTiers.Keys.Order());
        Assert.All(Card("openai", "gpt-fast").ServiceTiers.Values, tier => Assert.Equal(new ServiceTier(2.5m, 2.5m), tier));
        Assert.Equal(new ServiceTier(6, 6), Assert.Single(Card("anthropic", "claude-hour").ServiceTiers).Value);
    }

    [Fact]
    public void Import_CacheForAnHour_IsTwiceTheInputThoughTheMapDoesNotSay() =>
        Assert.Equal((R(625), R(1000)), (Card("anthropic", "claude-hour").Rates.CacheWrite!.Value, Card("anthropic", "claude-hour").Rates.LongCacheWrite!.Value));

    [Fact]
    public void Import_Xai_IsInclusiveAndReasonsUpToTheContext()
    {
        var card = Card("grok", "grok-thinks");

        Assert.True(Assert.Single(card.ContextTiers).Inclusive);
        Assert.Equal((500_000, 500_000, true), (card.MaxInputTokens, card.MaxOutputTokens, card.ReasoningOutsideCap));
        Assert.False(Card("grok", "grok-answers").ReasoningOutsideCap);
    }

    [Fact]
    public void Import_InputLimit_IsStatedOrTheContext()
    {
        Assert.Equal(922_000, Card("openai", "gpt-fast").MaxInputTokens);
        Assert.Equal(200_000, Card("anthropic", "claude-hour").MaxInputTokens);
    }

    [Fact]
    public void Import_OtherProviders_AreLeftOutUnlessAskedFor()
    {
        Assert.DoesNotContain(Sample.Book.Models, model => model.Provider == "azure");
        Assert.Contains(new ModelKey("azure", "gpt-plain"), PriceImport.FromModelsDev(Json, Fetched, Vendor.TermsOf, "azure").Book.Models);
    }

    private static RateCard Card(string provider, string model) => Assert.Single(Sample.Book.Find(new ModelKey(provider, model), Fetched, Fetched));
}
