using SpendGuard.Pricing;

namespace SpendGuard;

/// <summary>The call was refused because something in it has no upper bound on its cost.</summary>
public sealed class UnboundedCostException : SpendGuardException
{
    /// <summary>Refuses a feature of a call.</summary>
    /// <param name="feature">The name of the feature, as the caller would search for it.</param>
    /// <param name="reason">Why its cost has no bound, as a whole sentence.</param>
    /// <param name="remedy">What to do about it, as a whole sentence.</param>
    public UnboundedCostException(string feature, string reason, string remedy)
        : base($"The call was refused: the cost of {feature} has no bound. {reason} {remedy}")
    {
        Feature = feature;
    }

    /// <summary>The name of the feature that has no bound.</summary>
    public string Feature { get; }

    internal static UnboundedCostException ForServiceTier(ModelKey model, string tier) => new(
        $"service tier '{tier}'",
        $"The rate card of {model} has no price for it.",
        "Ask for the standard tier, or add the tier to the rate card.");

    internal static UnboundedCostException ForBatchTier() => new(
        $"service tier '{ServiceTier.Batch}'",
        "That is the price of a batch's requests, and a call by itself is billed at another.",
        "Ask for the standard tier, or make a batch of the calls.");

    internal static UnboundedCostException ForOutput(ModelKey model) => new(
        "the output",
        $"The call sets no output cap and the most that {model} can give is not published.",
        "Set an output cap on the call, a default one in the options (CAP_DEFAULT_MAX_OUTPUT_TOKENS of the sidecar), or assumed_max_output_tokens on its rate card.");

    internal static UnboundedCostException ForReasoning(ModelKey model) => new(
        "reasoning",
        $"An output cap does not bound the reasoning that {model} is billed for, and the most that it can give is not published.",
        "Use an API or a model that counts reasoning within the cap, or add the maximum input and output to the rate card.");

    internal static UnboundedCostException ForRates(ModelKey model) => new(
        "a token",
        $"With what its vendor charges beyond what it states, the rate card of {model} comes to rates that are out of range.",
        "Correct the rates of the card.");

    internal static UnboundedCostException ForInput(IReadOnlyList<RateCard> cards, string why) => new(
        why,
        $"It may add input that cannot be seen, and the most that {cards[0].Model} takes is not {Known(cards)}.",
        "Leave it out, or add the maximum input to the rate card.");

    internal static UnboundedCostException ForOpenedInput(RateCard card, long opened) => new(
        $"an input of up to {opened} tokens",
        $"The rate card of {card.Model} says that it takes {card.InputLimit}, and has no price for more.",
        "Call the model without its larger context (without [1m] in its name, or without the beta that opens it), or add a context tier or the maximum input to its rate card.");

    internal static UnboundedCostException ForCategory(ModelKey model, UsageCategory category) => new(
        category.ToString(),
        $"The rate card of {model} has no price for it.",
        "Leave it out, or add the price to the rate card.");

    private static string Known(IReadOnlyList<RateCard> cards) =>
        cards.FirstOrDefault(card => card is { MaxInputTokens: not null, InputLimit: null }) is { } card
            ? $"known: its rate card says {card.MaxInputTokens} tokens, and has a dearer price for more than that"
            : "published";
}
