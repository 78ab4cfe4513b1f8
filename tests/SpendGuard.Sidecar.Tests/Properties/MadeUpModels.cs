using System.Collections.Immutable;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>
/// Models that have a price for everything a provider can charge for, each written down twice: once as the sidecar's rate card, once as
/// the simulated provider's price list has it. Neither is made of the other.
/// </summary>
internal static class MadeUpModels
{
    /// <summary>The models that an answer in words can be asked of, by provider. The steep ones are dearer from a few hundred tokens on.</summary>
    public static string[] OpenAI { get; } = ["gpt-4o-made-up", "gpt-5-made-up", "gpt-4o-made-up-steep"];

    /// <summary>Those with thresholds as real ones are.</summary>
    public static string[] OpenAIInWords { get; } = ["gpt-4o-made-up", "gpt-5-made-up"];

    public static string[] Embeddings { get; } = ["text-embedding-3-made-up", "text-embedding-3-made-up-large"];

    /// <summary>One that is billed by the token, and one by the image.</summary>
    public static string[] Images { get; } = ["gpt-image-made-up", "dall-e-made-up"];

    public static string[] Gemini { get; } = ["gemini-made-up-pro", "gemini-made-up-flash", "gemini-made-up-steep"];

    public const string GeminiEmbeddings = "gemini-embedding-made-up";

    public static string[] Anthropic { get; } = ["claude-made-up-large", "claude-made-up-small", "claude-made-up-steep"];

    public static string[] Grok { get; } = ["grok-made-up", "grok-made-up-fast", "grok-made-up-steep"];

    public static RateCard[] Cards { get; } =
    [
        new()
        {
            Model = new ModelKey("openai", "gpt-4o-made-up"),
            Rates = Rates(250, 1_000, cached: 125, write: 312.5m, audioIn: 4_000, audioOut: 8_000),
            ContextTiers = [new ContextTier(272_000, Inclusive: false, Rates(500, 1_500, cached: 250, write: 625, audioIn: 8_000, audioOut: 12_000))],
            ServiceTiers = Tiers(("priority", 1.7m), ("flex", 0.5m)),
            Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.WebSearch, Rate.FromCents(1)),
            MaxInputTokens = 400_000,
            MaxOutputTokens = 16_384,
        },
        new()
        {
            Model = new ModelKey("openai", "gpt-5-made-up"),
            Rates = Rates(17.5m, 140.25m, cached: 1.75m, reasoning: 171.3m, audioIn: 300.5m, audioOut: 600.125m),
            ServiceTiers = Tiers(("priority", 2), ("flex", 0.5m)),
            Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.WebSearch, Rate.FromCents(2.5m)),
            MaxInputTokens = 272_000,
            MaxOutputTokens = 128_000,
        },
        new()
        {
            Model = new ModelKey("openai", "text-embedding-3-made-up"),
            Rates = Rates(1.3m, 0),
            MaxInputTokens = 8_191,
            MaxOutputTokens = 1_536,
        },
        new()
        {
            Model = new ModelKey("openai", "text-embedding-3-made-up-large"),
            Rates = Rates(13, 0),
            MaxInputTokens = 8_191,
            MaxOutputTokens = 3_072,
        },
        new()
        {
            Model = new ModelKey("openai", "gpt-image-made-up"),
            Rates = Rates(500, 3_000.5m, cached: 125),
            MaxOutputTokens = 6_240,
        },
        new()
        {
            Model = new ModelKey("openai", "dall-e-made-up"),
            Rates = Rates(0, 0),
            Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.Image, Rate.FromCents(4.5m)),
        },
        new()
        {
            Model = new ModelKey("gemini", GeminiEmbeddings),
            Rates = Rates(15.5m, 0),
            MaxInputTokens = 2_048,
            MaxOutputTokens = 1,
        },
        new()
        {
            Model = new ModelKey("anthropic", "claude-made-up-large"),
            Rates = Rates(400, 2_000, cached: 20, write: 500, longWrite: 800),
            ServiceTiers = Tiers(("fast", 6), ("us", 1.1m)),
            Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.WebSearch, Rate.FromCents(1)),
            MaxInputTokens = 1_000_000,
            MaxOutputTokens = 128_000,
        },
        new()
        {
            Model = new ModelKey("anthropic", "claude-made-up-small"),
            Rates = Rates(10, 50, cached: 1, write: 12.5m, longWrite: 20),
            ContextTiers = [new ContextTier(100_000, Inclusive: false, Rates(50, 250, cached: 5, write: 62.5m, longWrite: 100))],
            ServiceTiers = Tiers(("fast", 2), ("us", 1.1m)),
            Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.WebSearch, Rate.FromCents(1)),
            MaxInputTokens = 400_000,
            MaxOutputTokens = 64_000,
        },
        new()
        {
            Model = new ModelKey("gemini", "gemini-made-up-pro"),
            Rates = Rates(200, 1_200, cached: 20, audioIn: 400),
            ContextTiers = [new ContextTier(200_000, Inclusive: false, Rates(400, 1_800, cached: 40, audioIn: 800))],
            ServiceTiers = Tiers(("priority", 1.8m), ("flex", 0.5m)),
            Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.GroundingQuery, Rate.FromCents(1.4m)),
            MaxInputTokens = 1_048_576,
            MaxOutputTokens = 65_536,
        },
        new()
        {
            Model = new ModelKey("gemini", "gemini-made-up-flash"),
            Rates = Rates(7.5m, 30, cached: 0.75m, reasoning: 35.5m, audioIn: 70),
            ServiceTiers = Tiers(("priority", 1.8m), ("flex", 0.5m)),
            Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.GroundingQuery, Rate.FromCents(3.5m)),
            MaxInputTokens = 1_048_576,
            MaxOutputTokens = 8_192,
        },
        new()
        {
            Model = new ModelKey("grok", "grok-made-up"),
            Rates = Rates(125, 250, cached: 20),
            ContextTiers = [new ContextTier(200_000, Inclusive: true, Rates(250, 500, cached: 40))],
            MaxInputTokens = 1_000_000,
            MaxOutputTokens = 30_000,
            ReasoningOutsideCap = true,
        },
        new()
        {
            Model = new ModelKey("grok", "grok-made-up-fast"),
            Rates = Rates(20, 50, cached: 5),
            MaxInputTokens = 256_000,
            MaxOutputTokens = 10_000,
            ReasoningOutsideCap = true,
        },
        new()
        {
            Model = new ModelKey("openai", "gpt-4o-made-up-steep"),
            Rates = Rates(250, 1_000, cached: 125),
            ContextTiers = [new ContextTier(400, Inclusive: false, Rates(500, 1_500, cached: 250, write: 600))],
            ServiceTiers = Tiers(("priority", 2), ("flex", 0.5m)),
            MaxInputTokens = 1_000,
            MaxOutputTokens = 2_000,
        },
        new()
        {
            Model = new ModelKey("anthropic", "claude-made-up-steep"),
            Rates = Rates(10, 50, cached: 1, write: 12.5m, longWrite: 20),
            ContextTiers = [new ContextTier(1_500, Inclusive: false, Rates(50, 250, cached: 5, write: 62.5m, longWrite: 100))],
            MaxInputTokens = 4_000,
            MaxOutputTokens = 2_000,
        },
        new()
        {
            Model = new ModelKey("gemini", "gemini-made-up-steep"),
            Rates = Rates(200, 1_200, cached: 20, reasoning: 1_300),
            ContextTiers = [new ContextTier(1_500, Inclusive: false, Rates(400, 1_800, cached: 40, reasoning: 1_900))],
            ServiceTiers = Tiers(("priority", 1.8m), ("flex", 0.5m)),
            MaxInputTokens = 4_000,
            MaxOutputTokens = 2_000,
        },
        new()
        {
            Model = new ModelKey("grok", "grok-made-up-steep"),
            Rates = Rates(125, 250, cached: 20),
            ContextTiers = [new ContextTier(1_500, Inclusive: true, Rates(250, 500, cached: 40))],
            MaxInputTokens = 4_000,
            MaxOutputTokens = 2_000,
            ReasoningOutsideCap = true,
        },
    ];

    public static ProviderPrice[] PriceList { get; } =
    [
        new("gpt-4o-made-up", 250, 1_000)
        {
            CachedInput = 125,
            CacheWrite = 312.5m,
            AudioInput = 4_000,
            AudioOutput = 8_000,
            Search = 1_000_000,
            Tiers = new Dictionary<string, decimal> { ["priority"] = 1.7m, ["flex"] = 0.5m },
            MaxInputTokens = 400_000,
            MaxOutputTokens = 16_384,
            LongContextFrom = 272_001,
            LongContext = new("", 500, 1_500) { CachedInput = 250, CacheWrite = 625, AudioInput = 8_000, AudioOutput = 12_000 },
        },
        new("gpt-5-made-up", 17.5m, 140.25m)
        {
            CachedInput = 1.75m,
            Reasoning = 171.3m,
            AudioInput = 300.5m,
            AudioOutput = 600.125m,
            Search = 2_500_000,
            Tiers = new Dictionary<string, decimal> { ["priority"] = 2, ["flex"] = 0.5m },
            MaxInputTokens = 272_000,
            MaxOutputTokens = 128_000,
        },
        new("text-embedding-3-made-up", 1.3m, 0),
        new(GeminiEmbeddings, 15.5m, 0),
        new("gpt-image-made-up", 500, 3_000.5m) { CachedInput = 125, MaxOutputTokens = 6_240 },
        new("dall-e-made-up", 0, 0) { Image = 4_500_000 },
        new("text-embedding-3-made-up-large", 13, 0),
        new("claude-made-up-large", 400, 2_000)
        {
            CachedInput = 20,
            CacheWrite = 500,
            CacheWriteOneHour = 800,
            Search = 1_000_000,
            Tiers = new Dictionary<string, decimal> { ["fast"] = 6, ["us"] = 1.1m },
            MaxInputTokens = 1_000_000,
            MaxOutputTokens = 128_000,
        },
        new("claude-made-up-small", 10, 50)
        {
            CachedInput = 1,
            CacheWrite = 12.5m,
            CacheWriteOneHour = 20,
            Search = 1_000_000,
            Tiers = new Dictionary<string, decimal> { ["fast"] = 2, ["us"] = 1.1m },
            MaxInputTokens = 400_000,
            MaxOutputTokens = 64_000,
            LongContextFrom = 100_001,
            LongContext = new("", 50, 250) { CachedInput = 5, CacheWrite = 62.5m, CacheWriteOneHour = 100 },
        },
        new("gemini-made-up-pro", 200, 1_200)
        {
            CachedInput = 20,
            AudioInput = 400,
            Search = 1_400_000,
            Tiers = new Dictionary<string, decimal> { ["priority"] = 1.8m, ["flex"] = 0.5m },
            MaxOutputTokens = 65_536,
            LongContextFrom = 200_001,
            LongContext = new("", 400, 1_800) { CachedInput = 40, AudioInput = 800 },
        },
        new("gemini-made-up-flash", 7.5m, 30)
        {
            CachedInput = 0.75m,
            Reasoning = 35.5m,
            AudioInput = 70,
            Search = 3_500_000,
            Tiers = new Dictionary<string, decimal> { ["priority"] = 1.8m, ["flex"] = 0.5m },
            MaxOutputTokens = 8_192,
        },
        new("grok-made-up", 125, 250)
        {
            CachedInput = 20,
            MaxOutputTokens = 30_000,
            LongContextFrom = 200_000,
            LongContext = new("", 250, 500) { CachedInput = 40 },
        },
        new("grok-made-up-fast", 20, 50)
        {
            CachedInput = 5,
            MaxOutputTokens = 10_000,

            // The card says nothing of it; the vendor charges twice as much for a long context all the same.
            LongContextFrom = 128_000,
            LongContext = new("", 40, 100) { CachedInput = 10 },
        },
        new("gpt-4o-made-up-steep", 250, 1_000)
        {
            CachedInput = 125,
            Tiers = new Dictionary<string, decimal> { ["priority"] = 2, ["flex"] = 0.5m },
            MaxInputTokens = 1_000,
            MaxOutputTokens = 2_000,
            LongContextFrom = 401,
            LongContext = new("", 500, 1_500) { CachedInput = 250, CacheWrite = 600 },
        },
        new("claude-made-up-steep", 10, 50)
        {
            CachedInput = 1,
            CacheWrite = 12.5m,
            CacheWriteOneHour = 20,
            Search = 1_000_000,
            MaxInputTokens = 4_000,
            MaxOutputTokens = 2_000,
            LongContextFrom = 1_501,
            LongContext = new("", 50, 250) { CachedInput = 5, CacheWrite = 62.5m, CacheWriteOneHour = 100 },
        },
        new("gemini-made-up-steep", 200, 1_200)
        {
            CachedInput = 20,
            Reasoning = 1_300,
            Tiers = new Dictionary<string, decimal> { ["priority"] = 1.8m, ["flex"] = 0.5m },
            MaxInputTokens = 4_000,
            MaxOutputTokens = 2_000,
            LongContextFrom = 1_501,
            LongContext = new("", 400, 1_800) { CachedInput = 40, Reasoning = 1_900 },
        },
        new("grok-made-up-steep", 125, 250)
        {
            CachedInput = 20,
            MaxInputTokens = 4_000,
            MaxOutputTokens = 2_000,
            LongContextFrom = 1_500,
            LongContext = new("", 250, 500) { CachedInput = 40 },
        },
    ];

    private static TokenRates Rates(
        decimal input,
        decimal output,
        decimal? cached = null,
        decimal? write = null,
        decimal? longWrite = null,
        decimal? reasoning = null,
        decimal? audioIn = null,
        decimal? audioOut = null) => new()
        {
            Input = Rate.FromMicrocents(input),
            Output = Rate.FromMicrocents(output),
            CachedInput = Optional(cached),
            CacheWrite = Optional(write),
            LongCacheWrite = Optional(longWrite),
            ReasoningOutput = Optional(reasoning),
            AudioInput = Optional(audioIn),
            AudioOutput = Optional(audioOut),
        };

    private static Rate? Optional(decimal? microcents) => microcents is { } rate ? Rate.FromMicrocents(rate) : null;

    private static ImmutableDictionary<string, ServiceTier> Tiers(params IEnumerable<(string Name, decimal Factor)> tiers) =>
        tiers.ToImmutableDictionary(tier => tier.Name, tier => new ServiceTier(tier.Factor, tier.Factor));
}
