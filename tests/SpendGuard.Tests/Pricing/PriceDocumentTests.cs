using System.Text;
using SpendGuard.Pricing;

namespace SpendGuard.Tests.Pricing;

public class PriceDocumentTests
{
    private static readonly ModelKey Model = new("p", "m");

    [Fact]
    public void Parse_WholeDocument_HasItsDatesAndModels()
    {
        var book = Book("""
            {"schema_version":"1","generated_at":"2026-02-15T12:00:00+01:00","expires_at":"2026-02-15T12:05:00","signature":"x","more":[{"a":1}],
             "rates":{"openai":{"gpt-4o-mini":{"input_cents_per_1m":30,"output_cents_per_1m":120}},"other":{}}}
            """);

        Assert.Equal(new DateTimeOffset(2026, 2, 15, 11, 0, 0, TimeSpan.Zero), book.GeneratedAt);
        Assert.Equal(new DateTimeOffset(2026, 2, 15, 12, 5, 0, TimeSpan.Zero), book.ExpiresAt);
        Assert.Equal("a test", book.Source);
        Assert.Equal([new ModelKey("openai", "gpt-4o-mini")], book.Models);
    }

    [Fact]
    public void Parse_Stream_ReadsTheSame()
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes("""{"generated_at":"2026-02-15T12:00:00Z","rates":{"p":{"m":{"input_cents_per_1m":1,"output_cents_per_1m":2}}}}"""));

        Assert.Equal([Model], PriceBook.Parse(json, "a test").Models);
    }

    [Theory]
    [InlineData("not json", null)]
    [InlineData("[]", null)]
    [InlineData("""{"rates":{"p":{"m":{"input_cents_per_1m":1,"output_cents_per_1m":1}}}}""", "generated_at")]
    [InlineData("""{"generated_at":"yesterday","rates":{"p":{"m":{"input_cents_per_1m":1,"output_cents_per_1m":1}}}}""", "generated_at")]
    [InlineData("""{"generated_at":1,"rates":{}}""", "generated_at")]
    [InlineData("""{"generated_at":"2026-02-15T12:00:00Z"}""", "rates")]
    [InlineData("""{"generated_at":"2026-02-15T12:00:00Z","rates":{}}""", "rates")]
    [InlineData("""{"generated_at":"2026-02-15T12:00:00Z","rates":{"p":{}}}""", "rates")]
    [InlineData("""{"generated_at":"2026-02-15T12:00:00Z","rates":{"p":[]}}""", "rates.p")]
    [InlineData("""{"generated_at":"2026-02-15T12:00:00Z","rates":{},"rates":{}}""", "rates")]
    [InlineData("""{"generated_at":"2026-02-15T12:00:00Z","rates":{"p":{"m":{"input_cents_per_1m":1,"output_cents_per_1m":1},"m":{}}}}""", "rates.p.m")]
    [InlineData("""{"generated_at":"2026-02-15T12:00:00Z","rates":{"p":{"m":{"input_cents_per_1m":1,"output_cents_per_1m":1}},"P":{}}}""", "rates.P")]
    [InlineData("""{"generated_at":"2026-02-15T12:00:00Z","rates":{"p":{" ":{"input_cents_per_1m":1,"output_cents_per_1m":1}}}}""", "rates.p")]
    public void Parse_FaultyDocument_IsRefusedWithTheField(string json, string? field)
    {
        var refusal = Assert.Throws<PriceFormatException>(() => Book(json));

        Assert.Equal(field, refusal.Field);
        Assert.Null(refusal.Model);
        Assert.StartsWith("The prices cannot be used: ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "input_cents_per_1m", "is missing")]
    [InlineData("""{"input_cents_per_1m":1}""", "output_cents_per_1m", "is missing")]
    [InlineData("""{"input_cents_per_1m":null,"output_cents_per_1m":1}""", "input_cents_per_1m", "is missing")]
    [InlineData("""{"uncached_input_cents_per_1m":1,"output_cents_per_1m":1}""", "input_cents_per_1m", "is missing")]
    [InlineData("""{"input_cents_per_1m":-15,"output_cents_per_1m":60}""", "input_cents_per_1m", "is negative (-15)")]
    [InlineData("""{"input_cents_per_1m":"15","output_cents_per_1m":60}""", "input_cents_per_1m", "is not a number")]
    [InlineData("""{"input_cents_per_1m":1e400,"output_cents_per_1m":60}""", "input_cents_per_1m", "is not a number in range")]
    [InlineData("""{"input_cents_per_1m":1e13,"output_cents_per_1m":60}""", "input_cents_per_1m", "is too large")]
    [InlineData("""{"input_cents_per_1m":1e-13,"output_cents_per_1m":60}""", "input_cents_per_1m", "too many decimals")]
    [InlineData("""{"input_cents_per_1m":1,"input_cents_per_1m":0,"output_cents_per_1m":60}""", "input_cents_per_1m", "stands there twice")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"cached_input_cents_per_1m":-1}""", "cached_input_cents_per_1m", "is negative")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"web_search_cents_per_call":1e28}""", "web_search_cents_per_call", "is too large")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"max_output_tokens":-1}""", "max_output_tokens", "is negative")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"max_input_tokens":1.5}""", "max_input_tokens", "is not a whole number")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"reasoning_outside_cap":1}""", "reasoning_outside_cap", "is neither true nor false")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"context_cliff_threshold_tokens":-1}""", "context_cliff_threshold_tokens", "is negative")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"context_cliff_threshold_tokens":1,"context_cliff_input_multiplier":0}""", "context_cliff_input_multiplier", "is zero")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"context_tiers":{}}""", "context_tiers", "is not a list")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"context_tiers":[1]}""", "context_tiers[0]", "is not a JSON object")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"context_tiers":[{"threshold_tokens":1,"output_cents_per_1m":1}]}""", "context_tiers[0].input_cents_per_1m", "is missing")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"context_tiers":[{"input_cents_per_1m":1,"output_cents_per_1m":1}]}""", "context_tiers[0].threshold_tokens", "is missing")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"service_tiers":{"priority":{"input_factor":2}}}""", "service_tiers.priority.output_factor", "is missing")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"service_tiers":{"priority":null}}""", "service_tiers.priority", "is null")]
    [InlineData("""{"input_cents_per_1m":0.0000001,"output_cents_per_1m":1,"service_tiers":{"priority":{"input_factor":1.666667,"output_factor":1}}}""", "service_tiers.priority", "too many decimals")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"changes":[{"input_cents_per_1m":2}]}""", "changes[0].effective_from", "is missing")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"changes":[{"effective_from":"2027-01-01T00:00:00Z"},{"effective_from":"2026-01-01T00:00:00Z"}]}""", "changes[1].effective_from", "is not after")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"effective_from":"2027-01-01T00:00:00Z","effective_to":"2027-01-01T00:00:00Z"}""", "effective_to", "is not after")]
    [InlineData("""{"input_cents_per_1m":1,"output_cents_per_1m":1,"effective_from":"01.01.2027"}""", "effective_from", "is not a date and time")]
    public void Parse_FaultyCard_IsRefusedWithModelAndField(string card, string field, string what)
    {
        var refusal = Assert.Throws<PriceFormatException>(() => Cards(card));

        Assert.Equal((Model, field), (refusal.Model, refusal.Field));
        Assert.StartsWith($"The prices cannot be used: {field} of p:m ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_CardThatIsNoObject_IsRefused() =>
        Assert.Contains("the rate card of p:m is not a JSON object", Assert.Throws<PriceFormatException>(() => Cards("7")).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_EveryField_IsInTheCard()
    {
        var card = Card("""
            {"input_cents_per_1m":175,"output_cents_per_1m":1400,"cached_input_cents_per_1m":17.5,"cache_write_input_cents_per_1m":218.75,
             "cache_write_1h_input_cents_per_1m":350,"reasoning_output_cents_per_1m":1e-7,"audio_input_cents_per_1m":4000,"audio_output_cents_per_1m":8000,
             "grounding_cents_per_1k_queries":1400,"web_search_cents_per_call":1,"file_search_cents_per_call":0.25,
             "image_cents_per_image":4,"audio_cents_per_second":0.01,"speech_cents_per_1m_characters":1500,
             "max_input_tokens":272000,"max_output_tokens":128000.0,"reasoning_outside_cap":true,"unknown":{"a":null,"a":1},
             "service_tiers":{"priority":{"input_factor":2,"output_factor":2.5}},"effective_from":"2026-01-01T00:00:00Z","effective_to":"2027-01-01T00:00:00Z"}
            """);

        Assert.Equal(
            new TokenRates
            {
                Input = R(175), Output = R(1400), CachedInput = R(17.5m), CacheWrite = R(218.75m), LongCacheWrite = R(350),
                ReasoningOutput = R(0.0000001m), AudioInput = R(4000), AudioOutput = R(8000),
            },
            card.Rates);
        Assert.Equal(1.4m, card.Fees[UsageCategory.GroundingQuery].Microcents / 1_000_000);
        Assert.Equal(Rate.FromCents(1), card.Fees[UsageCategory.WebSearch]);
        Assert.Equal(Rate.FromCents(0.25m), card.Fees[UsageCategory.FileSearch]);
        Assert.Equal(Rate.FromCents(4), card.Fees[UsageCategory.Image]);
        Assert.Equal(Rate.FromCents(0.01m), card.Fees[UsageCategory.AudioSecond]);
        Assert.Equal(R(1_500), card.Fees[UsageCategory.SpokenCharacter]);
        Assert.Equal((272_000, 128_000, true), (card.MaxInputTokens, card.MaxOutputTokens, card.ReasoningOutsideCap));
        Assert.Equal(new ServiceTier(2, 2.5m), Assert.Single(card.ServiceTiers).Value);
        Assert.Equal((2026, 2027), (card.EffectiveFrom!.Value.Year, card.EffectiveTo!.Value.Year));
    }

    [Fact]
    public void Parse_UncachedInputRate_IsTheInputRate() =>
        Assert.Equal(R(9), Card("""{"input_cents_per_1m":10,"uncached_input_cents_per_1m":9,"output_cents_per_1m":1}""").Rates.Input);

    [Theory]
    [InlineData("""{"input_cents_per_1m":10,"output_cents_per_1m":1,"cached_input_cents_per_1m":2}""")]
    [InlineData("""{"input_cents_per_1m":10,"output_cents_per_1m":1,"cache_read_input_cents_per_1m":2}""")]
    [InlineData("""{"input_cents_per_1m":10,"output_cents_per_1m":1,"cached_input_cents_per_1m":2,"cache_read_input_cents_per_1m":1}""")]
    [InlineData("""{"input_cents_per_1m":10,"output_cents_per_1m":1,"cached_input_cents_per_1m":1,"cache_read_input_cents_per_1m":2}""")]
    public void Parse_BothNamesOfTheCachedRate_MeanTheDearer(string card) => Assert.Equal(R(2), Card(card).Rates.CachedInput);

    [Fact]
    public void Parse_ContextCliff_IsOneStrictTierThatSparesTheReasoningRate()
    {
        var tier = Assert.Single(Card("""
            {"input_cents_per_1m":10,"output_cents_per_1m":20,"cached_input_cents_per_1m":1,"cache_write_input_cents_per_1m":12.5,
             "cache_write_1h_input_cents_per_1m":20,"audio_input_cents_per_1m":30,"audio_output_cents_per_1m":40,"reasoning_output_cents_per_1m":50,
             "context_cliff_threshold_tokens":200000,"context_cliff_input_multiplier":2.0,"context_cliff_output_multiplier":1.5}
            """).ContextTiers);

        Assert.Equal((200_000, false), (tier.Threshold, tier.Inclusive));
        Assert.Equal(
            new TokenRates
            {
                Input = R(20), CachedInput = R(2), CacheWrite = R(25), LongCacheWrite = R(40), AudioInput = R(60),
                Output = R(30), AudioOutput = R(60), ReasoningOutput = R(50),
            },
            tier.Rates);
    }

    [Fact]
    public void Parse_ContextCliffWithoutAReasoningRate_MultipliesReasoningAsOutput()
    {
        var tier = Assert.Single(Card("""
            {"input_cents_per_1m":10,"output_cents_per_1m":20,"context_cliff_threshold_tokens":200000,"context_cliff_output_multiplier":1.5}
            """).ContextTiers);

        Assert.Equal((R(10), R(30), R(30)), (tier.Rates.Input, tier.Rates.Output, tier.Rates.Of(UsageCategory.ReasoningOutput)!.Value));
    }

    [Fact]
    public void Parse_ContextTiers_RaiseWhatTheyAreSilentOnAsTheyRaiseWhatItIsPartOf()
    {
        var card = Card("""
            {"input_cents_per_1m":10,"output_cents_per_1m":20,"cached_input_cents_per_1m":1,"cache_write_input_cents_per_1m":80,
             "reasoning_output_cents_per_1m":90,"audio_input_cents_per_1m":70,"context_cliff_threshold_tokens":5,
             "context_tiers":[{"threshold_tokens":100,"inclusive":true,"input_cents_per_1m":50,"output_cents_per_1m":60}]}
            """);

        var tier = Assert.Single(card.ContextTiers);
        Assert.Equal((100, true), (tier.Threshold, tier.Inclusive));
        Assert.Equal(
            new TokenRates
            {
                Input = R(50), Output = R(60), CacheWrite = R(400), ReasoningOutput = R(270), AudioInput = R(350),
            },
            tier.Rates);
        Assert.Equal(R(50), tier.Rates.Of(UsageCategory.CachedInput));
    }

    [Theory]
    [InlineData("context_cliff_input_multiplier")]
    [InlineData("context_cliff_output_multiplier")]
    public void Parse_CliffWithoutAThreshold_IsRefused(string multiplier)
    {
        var fault = Assert.Throws<PriceFormatException>(() => Card("{\"input_cents_per_1m\":10,\"output_cents_per_1m\":20,\"" + multiplier + "\":2}"));

        Assert.Equal("context_cliff_threshold_tokens", fault.Field);
        Assert.Contains("of p:m is missing", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 8, 10)]
    [InlineData("\"cached_input_cents_per_1m\":2,", 8, 2)]
    [InlineData("", 12, 12)]
    public void Parse_OnlyUncachedInputIsToldToBeCheaper_CachedInputIsNot(string cached, decimal uncached, decimal expected)
    {
        var card = Card($"{{\"input_cents_per_1m\":10,{cached}\"uncached_input_cents_per_1m\":{uncached},\"output_cents_per_1m\":20}}");

        Assert.Equal((uncached, expected), (card.Rates.Input.Microcents, card.Rates.Of(UsageCategory.CachedInput)!.Value.Microcents));
    }

    [Fact]
    public void Parse_Changes_GiveOneCardAfterAnother()
    {
        var cards = Cards("""
            {"input_cents_per_1m":1,"output_cents_per_1m":2,"cached_input_cents_per_1m":0.5,"max_output_tokens":9,"effective_from":"2026-01-01T00:00:00Z","effective_to":"2029-01-01T00:00:00Z",
             "changes":[{"effective_from":"2027-01-01T00:00:00Z","input_cents_per_1m":3},
                        {"effective_from":"2028-01-01T00:00:00+00:00","output_cents_per_1m":4,"cached_input_cents_per_1m":null}]}
            """);

        Assert.Equal([2026, 2027, 2028], cards.Select(card => card.EffectiveFrom!.Value.Year));
        Assert.Equal([2027, 2028, 2029], cards.Select(card => card.EffectiveTo!.Value.Year));
        Assert.Equal([(1m, 2m), (3m, 2m), (3m, 4m)], cards.Select(card => (card.Rates.Input.Microcents, card.Rates.Output.Microcents)));
        Assert.Equal([R(0.5m), R(0.5m), null], cards.Select(card => card.Rates.CachedInput));
        Assert.All(cards, card => Assert.Equal(9, card.MaxOutputTokens));
    }

    private static Rate R(decimal microcents) => Rate.FromMicrocents(microcents);

    private static RateCard Card(string json) => Assert.Single(Cards(json));

    private static IReadOnlyList<RateCard> Cards(string json) =>
        Book($$"""{"generated_at":"2026-02-15T12:00:00Z","rates":{"p":{"m": {{json}} } } }""").Find(Model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    private static PriceBook Book(string json) => PriceBook.Parse(Encoding.UTF8.GetBytes(json), "a test");
}
