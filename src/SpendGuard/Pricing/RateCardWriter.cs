using System.Text.Json;

namespace SpendGuard.Pricing;

/// <summary>Writes the rate cards of one model as the JSON object that <see cref="RateCardReader"/> reads.</summary>
internal static class RateCardWriter
{
    /// <summary>The fees with the microcents of their unit.</summary>
    private static readonly (UsageCategory Category, string Name, decimal Unit)[] Fees =
    [
        (UsageCategory.GroundingQuery, "grounding_cents_per_1k_queries", 1_000),
        (UsageCategory.WebSearch, "web_search_cents_per_call", 1_000_000),
        (UsageCategory.FileSearch, "file_search_cents_per_call", 1_000_000),
        (UsageCategory.Image, "image_cents_per_image", 1_000_000),
        (UsageCategory.AudioSecond, "audio_cents_per_second", 1_000_000),
        (UsageCategory.SpokenCharacter, "speech_cents_per_1m_characters", 1),
    ];

    /// <summary>Writes an object that is open already.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="cards">The cards, oldest first; each in force until the next.</param>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<RateCard> cards)
    {
        Write(writer, cards[0]);
        Instant(writer, "effective_from", cards[0].EffectiveFrom);
        Instant(writer, "effective_to", cards[^1].EffectiveTo);
        if (cards.Count == 1)
        {
            return;
        }

        writer.WriteStartArray("changes");
        foreach (var (before, card) in cards.Zip(cards.Skip(1)))
        {
            writer.WriteStartObject();
            Instant(writer, "effective_from", card.EffectiveFrom);
            Write(writer, card, before);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes all of a card, or, of a change, what is not as before. What a change no longer has is null: left out, it would stay.</summary>
    private static void Write(Utf8JsonWriter writer, RateCard card, RateCard? before = null)
    {
        Rates(writer, card.Rates, before?.Rates);
        Tiers(writer, card, before);
        foreach (var (category, name, unit) in Fees)
        {
            Number(writer, name, Fee(card, category) / unit, Fee(before, category) / unit);
        }

        Number(writer, "max_input_tokens", card.MaxInputTokens, before?.MaxInputTokens);
        Number(writer, "max_output_tokens", card.MaxOutputTokens, before?.MaxOutputTokens);
        Number(writer, "assumed_max_output_tokens", card.AssumedMaxOutputTokens, before?.AssumedMaxOutputTokens);
        if (card.ReasoningOutsideCap != (before?.ReasoningOutsideCap ?? false))
        {
            writer.WriteBoolean("reasoning_outside_cap", card.ReasoningOutsideCap);
        }
    }

    private static void Rates(Utf8JsonWriter writer, TokenRates rates, TokenRates? before)
    {
        Number(writer, "input_cents_per_1m", rates.Input.Microcents, before?.Input.Microcents);
        Number(writer, "output_cents_per_1m", rates.Output.Microcents, before?.Output.Microcents);
        Number(writer, "cached_input_cents_per_1m", rates.CachedInput?.Microcents, before?.CachedInput?.Microcents);
        Number(writer, "cache_write_input_cents_per_1m", rates.CacheWrite?.Microcents, before?.CacheWrite?.Microcents);
        Number(writer, "cache_write_1h_input_cents_per_1m", rates.LongCacheWrite?.Microcents, before?.LongCacheWrite?.Microcents);
        Number(writer, "reasoning_output_cents_per_1m", rates.ReasoningOutput?.Microcents, before?.ReasoningOutput?.Microcents);
        Number(writer, "audio_input_cents_per_1m", rates.AudioInput?.Microcents, before?.AudioInput?.Microcents);
        Number(writer, "audio_output_cents_per_1m", rates.AudioOutput?.Microcents, before?.AudioOutput?.Microcents);
    }

    private static void Tiers(Utf8JsonWriter writer, RateCard card, RateCard? before)
    {
        if (!card.ContextTiers.SequenceEqual(before?.ContextTiers ?? []))
        {
            writer.WriteStartArray("context_tiers");
            foreach (var tier in card.ContextTiers)
            {
                writer.WriteStartObject();
                writer.WriteNumber("threshold_tokens", tier.Threshold);
                if (tier.Inclusive)
                {
                    writer.WriteBoolean("inclusive", true);
                }

                Rates(writer, tier.Rates, before: null);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (!Sorted(card).SequenceEqual(Sorted(before)))
        {
            writer.WriteStartObject("service_tiers");
            foreach (var (name, tier) in Sorted(card))
            {
                writer.WriteStartObject(name);
                Number(writer, "input_factor", tier.InputFactor, before: null);
                Number(writer, "output_factor", tier.OutputFactor, before: null);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }
    }

    private static IEnumerable<KeyValuePair<string, ServiceTier>> Sorted(RateCard? card) =>
        card is null ? [] : card.ServiceTiers.OrderBy(tier => tier.Key, StringComparer.Ordinal);

    private static decimal? Fee(RateCard? card, UsageCategory category) =>
        card?.Fees.TryGetValue(category, out var fee) == true ? fee.Microcents : null;

    private static void Instant(Utf8JsonWriter writer, string name, DateTimeOffset? instant)
    {
        if (instant is { } moment)
        {
            writer.WriteString(name, moment);
        }
    }

    private static void Number(Utf8JsonWriter writer, string name, decimal? number, decimal? before)
    {
        if (number == before)
        {
            return;
        }

        if (number is { } value)
        {
            // Without the zeros that a decimal remembers: 30 is 30 and not 30.00.
            writer.WritePropertyName(name);
            writer.WriteRawValue(value.ToString("0.############################"));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
