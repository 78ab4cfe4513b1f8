using System.Collections.Immutable;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>Works out what a call that listens or speaks can come to, and refuses what has no bound.</summary>
internal static class SpeechCallShape
{
    public static CallShape OfAudio(TimeSpan? longest, ModelKey model, IReadOnlyList<RateCard> cards, FeatureGate features)
    {
        if (cards.HasFee(UsageCategory.AudioSecond))
        {
            return ByFee(
                UsageCategory.AudioSecond,
                longest is { } duration ? (long)Math.Ceiling(duration.TotalSeconds) : throw new UnboundedCostException(
                    "audio",
                    $"{model} is billed by the second, and how long audio lasts cannot be told before it is heard.",
                    "Set MaxAudioDuration in UseSpendGuard's configure."),
                features);
        }

        if (cards.Any(card => card.MaxInputTokens is null))
        {
            throw new UnboundedCostException(
                "audio",
                $"The rate card of {model} has neither a fee for it nor the most input tokens that it can come to.",
                "Add audio_cents_per_second or max_input_tokens to the card, as the provider publishes them.");
        }

        var shape = new CallShape
        {
            InputBound = long.MaxValue,
            AudioInput = cards.All(card => card.Rates.AudioInput is not null),
            UnboundedFeatures = features.LetThrough,
        };
        return UncappedOutput.Of(shape, model, cards, "a transcript", "audio_cents_per_second");
    }

    public static CallShape OfText(
        string text, ModelKey model, IReadOnlyList<RateCard> cards, TokenCounters counters, FeatureGate features)
    {
        if (cards.HasFee(UsageCategory.SpokenCharacter))
        {
            return ByFee(UsageCategory.SpokenCharacter, text.Length, features);
        }

        var bound = new InputBound(model, counters).AddMessage().AddText(text);
        return UncappedOutput.Of(
            new CallShape
            {
                InputBound = bound.Tokens,
                Input = bound,
                AudioOutput = cards.All(card => card.Rates.AudioOutput is not null),
                UnboundedFeatures = features.LetThrough,
            },
            model,
            cards,
            "speech",
            "speech_cents_per_1m_characters");
    }

    private static CallShape ByFee(UsageCategory category, long units, FeatureGate features) => new()
    {
        InputBound = 0,
        OutputTokens = 0,
        FeeUnits = ImmutableDictionary<UsageCategory, long>.Empty.Add(category, units),
        UnboundedFeatures = features.LetThrough,
    };
}
