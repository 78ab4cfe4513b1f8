using System.Collections.Immutable;

namespace SpendGuard.Pricing.Terms;

/// <summary>What a vendor is known to charge for a model where a rate card says nothing of it, at the worst that is known.</summary>
/// <remarks>Bound and bill take their cards through it alike: what is silent is neither free nor the price of plain input.</remarks>
internal sealed record SilentTerms
{
    /// <summary>Nothing is known: what a card is silent on costs what it is part of.</summary>
    public static SilentTerms None { get; } = new();

    /// <summary>Whether its name does not tell which model it is, so that the dearest that are known stand for it. A price document does not state that.</summary>
    public bool Assumed { get; init; }

    /// <summary>What writing to a short-lived cache costs, in input rates.</summary>
    public decimal CacheWriteFactor { get; init; } = 1;

    /// <summary>What writing to a long-lived cache costs, in input rates.</summary>
    public decimal LongCacheWriteFactor { get; init; } = 1;

    /// <summary>From where on the whole call is dearer; null for nowhere.</summary>
    public LongContextTerms? LongContext { get; init; }

    /// <summary>Whether reasoning may be billed beyond the output cap: up to all that fits into the context.</summary>
    public bool ReasoningOutsideCap { get; init; }

    /// <summary>What tools that the vendor runs cost.</summary>
    public ImmutableDictionary<UsageCategory, Rate> Fees { get; init; } = ImmutableDictionary<UsageCategory, Rate>.Empty;

    /// <summary>Tiers that a call can be served at without having asked for them, and that of a batch.</summary>
    public ImmutableDictionary<string, ServiceTier> ServiceTiers { get; init; } = ImmutableDictionary<string, ServiceTier>.Empty;

    /// <summary>A card with what it is silent on. What it states stands, unless it contradicts the card itself: then the dearer counts.</summary>
    /// <param name="card">The card as it was published.</param>
    /// <exception cref="OverflowException">A rate is out of range with its factor.</exception>
    public RateCard Complete(RateCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        var rates = Complete(card.Rates);
        var complete = card with
        {
            Rates = rates,
            ContextTiers = Tiers(card, rates),
            ServiceTiers = Stated(ServiceTiers, card.ServiceTiers),
            Fees = Stated(Fees, card.Fees),
            ReasoningOutsideCap = card.ReasoningOutsideCap || ReasoningOutsideCap,
        };

        // Where the context is not known, nothing bounds what is reasoned beyond the cap: the maximum output is that of what is said.
        return ReasoningOutsideCap
            ? complete with { MaxOutputTokens = complete.InputLimit is { } context ? Math.Max(card.MaxOutputTokens ?? 0, context) : null }
            : complete;
    }

    private TokenRates Complete(TokenRates rates)
    {
        var write = AtLeast(rates.CacheWrite, rates.Input, CacheWriteFactor);
        return rates with
        {
            CacheWrite = write,
            LongCacheWrite = AtLeast(rates.LongCacheWrite, write ?? rates.Input, LongCacheWriteFactor, rates.Input),
        };
    }

    private ImmutableArray<ContextTier> Tiers(RateCard card, TokenRates rates) =>
        !card.ContextTiers.IsEmpty ? [.. card.ContextTiers.Select(tier => tier with { Rates = Raised(tier.Rates, rates) })]
        : LongContext is { } terms && terms.Tier(rates) is var tier && (terms.Certain || card.MaxInputTokens is not { } most || tier.Reaches(most))
            ? [tier]
        : [];

    /// <summary>
    /// A tier that leaves input or output as it is has only half of what the vendor charges, and one that is cheaper than the card
    /// contradicts it.
    /// </summary>
    private TokenRates Raised(TokenRates tier, TokenRates card)
    {
        var silent = LongContext?.Raise(card);
        var input = tier.Input == card.Input ? silent : null;
        var output = tier.Output == card.Output ? silent : null;
        var rates = tier with
        {
            Input = input?.Input ?? Rate.Max(tier.Input, card.Input),
            Output = output?.Output ?? Rate.Max(tier.Output, card.Output),
            CachedInput = AsItIs(tier.CachedInput, card.CachedInput, input?.CachedInput),
            CacheWrite = AsItIs(tier.CacheWrite, card.CacheWrite, input?.CacheWrite),
            LongCacheWrite = AsItIs(tier.LongCacheWrite, card.LongCacheWrite, input?.LongCacheWrite),
            ReasoningOutput = AsItIs(tier.ReasoningOutput, card.ReasoningOutput, output?.ReasoningOutput),
            AudioInput = AsItIs(tier.AudioInput, card.AudioInput, input?.AudioInput),
            AudioOutput = AsItIs(tier.AudioOutput, card.AudioOutput, output?.AudioOutput),
        };
        return Complete(rates.SilentAs(card));
    }

    /// <summary>A tier's rate, or what the vendor makes of the card's where the tier leaves it as it is.</summary>
    private static Rate? AsItIs(Rate? tier, Rate? card, Rate? silent) => tier == card ? silent ?? tier : tier;

    /// <summary>A rate that is not stated, or is below what it cannot be below of.</summary>
    private static Rate? AtLeast(Rate? stated, Rate least, decimal factor, Rate? of = null)
    {
        if (stated >= least || (stated is null && factor == 1))
        {
            return stated;
        }

        return Rate.Max(least, (of ?? least).TimesRoundedUp(factor));
    }

    private static ImmutableDictionary<TKey, TValue> Stated<TKey, TValue>(
        ImmutableDictionary<TKey, TValue> known, ImmutableDictionary<TKey, TValue> stated)
        where TKey : notnull => known.IsEmpty ? stated : known.SetItems(stated);
}
