using System.Collections.Immutable;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Terms;

namespace SpendGuard.Providers.Gemini;

/// <summary>What Google charges for Gemini where a rate card is silent. Its caches are not written unasked, and what asks is refused.</summary>
internal static class GeminiTerms
{
    public static SilentTerms Of(string model) => new()
    {
        LongContext = LongContext(model),
        Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.GroundingQuery, Rate.FromCents(GeminiModel.Generation(model) >= 3 ? 1.4m : 3.5m)),
    };

    /// <summary>The large models of each generation have a dearer tier, the small ones only had one in the first.</summary>
    private static LongContextTerms? LongContext(string model) => GeminiModel.Generation(model) switch
    {
        1 => new(128_000, Inclusive: false, InputFactor: 2, OutputFactor: 2),
        _ when IsLarge(model) => new(200_000, Inclusive: false, InputFactor: 2, OutputFactor: 1.5m) { Certain = true },
        _ => null,
    };

    private static bool IsLarge(string model) =>
        (model.Contains("-pro", StringComparison.Ordinal) && !model.Contains("-image", StringComparison.Ordinal))
        || model.Contains("computer-use", StringComparison.Ordinal);
}
