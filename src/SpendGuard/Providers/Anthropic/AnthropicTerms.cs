using System.Collections.Immutable;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Terms;

namespace SpendGuard.Providers.Anthropic;

/// <summary>What Anthropic charges where a rate card is silent.</summary>
internal static class AnthropicTerms
{
    /// <summary>What a region costs more, where the workspace or the call asks for it.</summary>
    private static readonly ServiceTier Regional = new(Residency.Factor, Residency.Factor);

    /// <summary>Every token of a batch, those of caches too, costs half; what its tools cost is not said to be less.</summary>
    /// <remarks>Published at platform.claude.com/docs/en/build-with-claude/batch-processing. A card that states a tier of this name overrules it.</remarks>
    private static readonly ServiceTier Batch = new(0.5m, 0.5m);

    /// <summary>A cache of five minutes is written at 1.25 times the input rate, one of an hour at twice.</summary>
    private static readonly SilentTerms Any = new()
    {
        CacheWriteFactor = 1.25m,
        LongCacheWriteFactor = 2,
        Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.WebSearch, Rate.FromCents(1)),
        ServiceTiers = ImmutableDictionary<string, ServiceTier>.Empty.Add(ServiceTier.Batch, Batch),
    };

    public static SilentTerms Of(string model) => Any with
    {
        LongContext = LongContext(model),
        ServiceTiers = AnthropicVersion.Of(model) is [< 4, ..] or [4] or [4, < 6, ..]
            ? Any.ServiceTiers
            : Any.ServiceTiers.Add("us", Regional),
    };

    /// <summary>Sonnet 4 and 4.5 take a longer context at a dearer rate, and so does Haiku from 5.5 on; the others have one price.</summary>
    private static LongContextTerms? LongContext(string model) => AnthropicVersion.Of(model) switch
    {
        [4] or [4, 0 or 5, ..] when Is(model, "sonnet") => new(200_000, Inclusive: false, InputFactor: 2, OutputFactor: 1.5m) { Certain = true },
        [5, >= 5, ..] or [> 5, ..] when Is(model, "haiku") => new(100_000, Inclusive: false, InputFactor: 5, OutputFactor: 5),
        _ => null,
    };

    private static bool Is(string model, string family) => model.Contains(family, StringComparison.OrdinalIgnoreCase);
}
