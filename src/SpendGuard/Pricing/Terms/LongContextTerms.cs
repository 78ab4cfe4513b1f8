namespace SpendGuard.Pricing.Terms;

/// <summary>From how much input on a vendor charges more for the whole call.</summary>
/// <param name="Threshold">The threshold in input tokens, cached ones included.</param>
/// <param name="Inclusive">Whether an input of exactly the threshold is dearer already.</param>
/// <param name="InputFactor">What input rates are multiplied by.</param>
/// <param name="OutputFactor">What output rates are multiplied by.</param>
internal sealed record LongContextTerms(long Threshold, bool Inclusive, decimal InputFactor, decimal OutputFactor)
{
    /// <summary>Whether that is known of the very model, so that a card whose maximum ends before it is wrong, and not of a smaller model.</summary>
    public bool Certain { get; init; }

    /// <summary>The tier of a card with these rates.</summary>
    public ContextTier Tier(TokenRates card) => new(Threshold, Inclusive, Raise(card));

    /// <summary>The rates of a card beyond the threshold.</summary>
    public TokenRates Raise(TokenRates card) => card.TimesRoundedUp(InputFactor, OutputFactor);
}
