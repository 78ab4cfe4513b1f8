using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Pricing;

/// <summary>The rates of the whole call once its input passes a threshold.</summary>
/// <param name="Threshold">The threshold in input tokens, cached ones included.</param>
/// <param name="Inclusive">Whether an input of exactly the threshold is in the tier already.</param>
/// <param name="Rates">The rates that replace those of the card.</param>
[Experimental(ApiTier.Adapters)]
public sealed record ContextTier(long Threshold, bool Inclusive, TokenRates Rates)
{
    /// <summary>Whether a call with this input is in the tier.</summary>
    /// <param name="inputTokens">All input tokens of the call, cached ones included.</param>
    public bool Reaches(long inputTokens) => Inclusive ? inputTokens >= Threshold : inputTokens > Threshold;
}
