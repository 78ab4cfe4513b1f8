using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Bounds;

/// <summary>The shape of calls that images and speech come from, whose output no cap can be sent for.</summary>
[Experimental(ApiTier.Adapters)]
public static class UncappedOutput
{
    /// <summary>A call that is billed by the token: each output may be as long as the model's longest, and less than that is of no use.</summary>
    /// <param name="shape">What else is known of it.</param>
    /// <param name="model">The model.</param>
    /// <param name="cards">Its rate cards.</param>
    /// <param name="output">What the call is for, as the refusal names it.</param>
    /// <param name="fee">The field of a price document that prices it otherwise.</param>
    /// <exception cref="UnboundedCostException">The model's longest output is not known.</exception>
    public static CallShape Of(CallShape shape, ModelKey model, IReadOnlyList<RateCard> cards, string output, string fee)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return cards.All(card => card.MaxOutputTokens is not null)
            ? shape with { OutputTokens = long.MaxValue, LeastOutputTokens = long.MaxValue }
            : throw new UnboundedCostException(
                output,
                $"The rate card of {model} has neither a fee for it nor the most output tokens that it can come to.",
                $"Add {fee} or max_output_tokens to the card, as the provider publishes them.");
    }

    /// <summary>Whether a model is billed by a fee rather than by the token.</summary>
    /// <param name="cards">Its rate cards.</param>
    /// <param name="category">What the fee is for.</param>
    public static bool HasFee(this IReadOnlyList<RateCard> cards, UsageCategory category) =>
        cards.Any(card => card.Fees.ContainsKey(category));
}
