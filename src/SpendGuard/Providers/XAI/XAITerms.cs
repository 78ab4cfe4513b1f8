using System.Collections.Immutable;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Terms;

namespace SpendGuard.Providers.XAI;

/// <summary>What xAI charges where a rate card is silent.</summary>
internal static class XAITerms
{
    /// <summary>They have one price, whatever the length of the context.</summary>
    private static readonly string[] OfOnePrice = ["grok-2", "grok-3", "grok-beta", "grok-vision"];

    /// <summary>They take 200,000 tokens before they are dearer; the other models of the fourth generation 128,000.</summary>
    private static readonly string[] Longer = ["grok-4.", "grok-build", "grok-code"];

    /// <summary>Their tokens are all visible. Of what else has no word of it in its name, reasoning is taken for granted.</summary>
    private static readonly string[] WithoutReasoning = ["grok-2", "grok-beta", "grok-vision"];

    public static SilentTerms Of(string model) => new()
    {
        ReasoningOutsideCap = Reasons(model),
        LongContext = StartsWithAny(model, OfOnePrice)
            ? null
            : new(StartsWithAny(model, Longer) ? 200_000 : 128_000, Inclusive: true, InputFactor: 2, OutputFactor: 2),
        Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.WebSearch, Rate.FromCents(1)),
    };

    private static bool Reasons(string model) =>
        !model.Contains("non-reasoning", StringComparison.Ordinal)
        && !StartsWithAny(model, WithoutReasoning)
        && (!model.StartsWith("grok-3", StringComparison.Ordinal) || model.Contains("mini", StringComparison.Ordinal));

    private static bool StartsWithAny(string model, string[] names) => Array.Exists(names, name => model.StartsWith(name, StringComparison.Ordinal));
}
