using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Pricing;

/// <summary>The prices of one model over one span of time.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record RateCard
{
    /// <summary>The model that the card prices.</summary>
    public required ModelKey Model { get; init; }

    /// <summary>What a token costs at the standard service tier.</summary>
    public required TokenRates Rates { get; init; }

    /// <summary>The tiers that reprice the whole call by the size of its input, in any order.</summary>
    public ImmutableArray<ContextTier> ContextTiers { get; init; } = [];

    /// <summary>The service tiers that have a price of their own, by the provider's name for them.</summary>
    public ImmutableDictionary<string, ServiceTier> ServiceTiers { get; init; } = ImmutableDictionary<string, ServiceTier>.Empty;

    /// <summary>What a unit costs that is no token, such as a call of a hosted tool or an image, in microcents.</summary>
    public ImmutableDictionary<UsageCategory, Rate> Fees { get; init; } = ImmutableDictionary<UsageCategory, Rate>.Empty;

    /// <summary>When the prices come into force; null when they have always been.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>When the prices are no longer in force; null while no end is known.</summary>
    public DateTimeOffset? EffectiveTo { get; init; }

    /// <summary>The most input tokens that the model takes; null when not published.</summary>
    public long? MaxInputTokens { get; init; }

    /// <summary>The most output tokens that the model can give, reasoning included; null when not published.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>
    /// The output cap that a call is given that names none, where <see cref="MaxOutputTokens"/> is not published; null for none. It is the
    /// price book's own figure and no maximum of the model's: a call may ask for more, and where a cap is not kept it bounds nothing.
    /// </summary>
    public long? AssumedMaxOutputTokens { get; init; }

    /// <summary>Whether the provider may bill reasoning tokens beyond the output cap.</summary>
    public bool ReasoningOutsideCap { get; init; }

    /// <summary>
    /// The most input tokens that a call can be billed for; null when nothing bounds them. A tier that begins at the maximum or beyond it
    /// contradicts it: more is taken than the card says.
    /// </summary>
    internal long? InputLimit => ContextTiers.Any(tier => tier.Threshold >= MaxInputTokens) ? null : MaxInputTokens;

    /// <summary>Whether the card is in force at some moment of a span of time.</summary>
    public bool InForce(DateTimeOffset from, DateTimeOffset to) =>
        (EffectiveFrom is not { } start || start <= to) && (EffectiveTo is not { } end || from < end);

    /// <summary>The token rates of a call with this input.</summary>
    /// <param name="inputTokens">All input tokens of the call, cached ones included.</param>
    /// <param name="serviceTier">The tier it is served at; null for the standard one.</param>
    /// <exception cref="UnboundedCostException">The card has no price for the tier.</exception>
    public TokenRates RatesFor(long inputTokens, string? serviceTier = null)
    {
        var reached = ContextTiers.Where(tier => tier.Reaches(inputTokens)).MaxBy(tier => tier.Threshold);
        return AtServiceTier(reached?.Rates ?? Rates, serviceTier);
    }

    /// <summary>The token rates of every context tier that a call with at most this input can end up in.</summary>
    internal IEnumerable<TokenRates> ReachableRates(long inputBound, string? serviceTier) =>
        ContextTiers.Where(tier => tier.Reaches(inputBound)).Select(tier => tier.Rates).Prepend(Rates)
            .Select(rates => AtServiceTier(rates, serviceTier));

    /// <summary>Not "auto": it leaves the choice of the tier, and so the price, to a setting at the provider.</summary>
    internal static bool IsStandard(string serviceTier) => serviceTier is "default" or "standard";

    /// <summary>The rates at a tier, or at several that multiply each other, joined by a plus sign.</summary>
    private TokenRates AtServiceTier(TokenRates rates, string? serviceTier) =>
        serviceTier is null ? rates : serviceTier.Split('+').Aggregate(rates, AtOneServiceTier);

    private TokenRates AtOneServiceTier(TokenRates rates, string serviceTier)
    {
        if (IsStandard(serviceTier))
        {
            return rates;
        }

        return ServiceTiers.TryGetValue(serviceTier, out var tier)
            ? rates.TimesRoundedUp(tier.InputFactor, tier.OutputFactor)
            : throw UnboundedCostException.ForServiceTier(Model, serviceTier);
    }
}
