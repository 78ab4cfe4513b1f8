using System.Collections.Immutable;
using System.Text.Json;

namespace SpendGuard.Pricing;

/// <summary>Reads the rate cards of one model from their JSON object: several when its prices change at dates that are known.</summary>
internal static class RateCardReader
{
    private const decimal MicrocentsPerCent = 1_000_000;

    private static readonly string[] CliffFactors = ["context_cliff_input_multiplier", "context_cliff_output_multiplier"];

    /// <summary>Reads the cards, oldest first; each is in force until the next.</summary>
    /// <exception cref="PriceFormatException">A field is at fault.</exception>
    public static IEnumerable<RateCard> Read(ModelKey model, JsonElement element)
    {
        var fields = new PriceFields(element, model);
        var from = fields.Instant("effective_from");
        var to = fields.Instant("effective_to");
        var current = fields;
        foreach (var change in fields.List("changes"))
        {
            var start = change.RequiredInstant("effective_from");
            if (start <= from)
            {
                throw change.Fault("effective_from", "is not after the prices that it replaces came into force");
            }

            yield return Card(model, current, from, start);
            (current, from) = (current.With(change), start);
        }

        if (to <= from)
        {
            throw fields.Fault("effective_to", "is not after the prices came into force");
        }

        yield return Card(model, current, from, to);
    }

    private static RateCard Card(ModelKey model, PriceFields fields, DateTimeOffset? from, DateTimeOffset? to)
    {
        var rates = Rates(fields);
        var card = new RateCard
        {
            Model = model,
            Rates = rates,
            ContextTiers = ContextTiers(fields, rates),
            ServiceTiers = ServiceTiers(fields),
            Fees = Fees(fields),
            EffectiveFrom = from,
            EffectiveTo = to,
            MaxInputTokens = fields.Count("max_input_tokens"),
            MaxOutputTokens = fields.Count("max_output_tokens"),
            AssumedMaxOutputTokens = fields.Count("assumed_max_output_tokens"),
            ReasoningOutsideCap = fields.Flag("reasoning_outside_cap"),
        };
        TryServiceTiers(fields, card);
        return card;
    }

    private static TokenRates Rates(PriceFields fields)
    {
        var input = fields.RequiredRate("input_cents_per_1m");
        var uncached = fields.Rate("uncached_input_cents_per_1m");
        return new TokenRates
        {
            Input = uncached ?? input,
            Output = fields.RequiredRate("output_cents_per_1m"),

            // Where only uncached input is said to be cheaper, cached input is not.
            CachedInput = CachedInput(fields) ?? (uncached < input ? input : null),
            CacheWrite = fields.Rate("cache_write_input_cents_per_1m"),
            LongCacheWrite = fields.Rate("cache_write_1h_input_cents_per_1m"),
            ReasoningOutput = fields.Rate("reasoning_output_cents_per_1m"),
            AudioInput = fields.Rate("audio_input_cents_per_1m"),
            AudioOutput = fields.Rate("audio_output_cents_per_1m"),
        };
    }

    /// <summary>Two names for one thing; the dearer counts when they differ.</summary>
    private static Rate? CachedInput(PriceFields fields) =>
        Dearer(fields.Rate("cached_input_cents_per_1m"), fields.Rate("cache_read_input_cents_per_1m"));

    /// <summary>The tiers of the card. Where it states none, the context cliff, which older engines know, is one.</summary>
    private static ImmutableArray<ContextTier> ContextTiers(PriceFields fields, TokenRates rates) =>
        fields.Has("context_tiers") ? [.. fields.List("context_tiers").Select(tier => ContextTier(tier, rates))]
        : fields.Count("context_cliff_threshold_tokens") is { } threshold ? [Cliff(fields, rates, threshold)]
        : CliffFactors.Any(factor => fields.Factor(factor) > 1)
            ? throw fields.Fault("context_cliff_threshold_tokens", "is missing, and a multiplier says that from some input on the call is dearer")
        : [];

    private static ContextTier ContextTier(PriceFields fields, TokenRates card)
    {
        var threshold = fields.Count("threshold_tokens") ?? throw fields.Fault("threshold_tokens", "is missing");
        try
        {
            return new ContextTier(threshold, fields.Flag("inclusive"), Rates(fields).SilentAs(card));
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            throw fields.Fault("", "raises rates that it does not state beyond what a rate can be");
        }
    }

    private static ContextTier Cliff(PriceFields fields, TokenRates card, long threshold)
    {
        var input = fields.Factor("context_cliff_input_multiplier") ?? 1;
        var output = fields.Factor("context_cliff_output_multiplier") ?? 1;
        try
        {
            // A reasoning rate that is stated stays as it is: the multiplier is that of the output rate.
            return new ContextTier(threshold, Inclusive: false, card.Times(input, output) with { ReasoningOutput = card.ReasoningOutput });
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            throw fields.Fault("context_cliff_threshold_tokens", "has multipliers that give rates too large or with too many decimals");
        }
    }

    private static ImmutableDictionary<string, ServiceTier> ServiceTiers(PriceFields fields) =>
        fields.Object("service_tiers") is { } tiers
            ? tiers.Members().ToImmutableDictionary(
                tier => tier.Name,
                tier => tiers.Object(tier.Name) is { } factors
                    ? new ServiceTier(factors.RequiredFactor("input_factor"), factors.RequiredFactor("output_factor"))
                    : throw tiers.Fault(tier.Name, "is null"),
                StringComparer.Ordinal)
            : ImmutableDictionary<string, ServiceTier>.Empty;

    /// <summary>Refuses factors whose product with a rate is not exact here, rather than in the middle of a call.</summary>
    private static void TryServiceTiers(PriceFields fields, RateCard card)
    {
        foreach (var (name, tier) in card.ServiceTiers)
        {
            try
            {
                foreach (var rates in card.ContextTiers.Select(context => context.Rates).Append(card.Rates))
                {
                    rates.Times(tier.InputFactor, tier.OutputFactor);
                }
            }
            catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
            {
                throw fields.Fault($"service_tiers.{name}", "has factors that give rates too large or with too many decimals");
            }
        }
    }

    private static ImmutableDictionary<UsageCategory, Rate> Fees(PriceFields fields)
    {
        var fees = ImmutableDictionary<UsageCategory, Rate>.Empty;
        Add(UsageCategory.GroundingQuery, fields.Rate("grounding_cents_per_1k_queries", MicrocentsPerCent / 1000));
        Add(UsageCategory.WebSearch, fields.Rate("web_search_cents_per_call", MicrocentsPerCent));
        Add(UsageCategory.FileSearch, fields.Rate("file_search_cents_per_call", MicrocentsPerCent));
        Add(UsageCategory.Image, fields.Rate("image_cents_per_image", MicrocentsPerCent));
        Add(UsageCategory.AudioSecond, fields.Rate("audio_cents_per_second", MicrocentsPerCent));
        Add(UsageCategory.SpokenCharacter, fields.Rate("speech_cents_per_1m_characters"));
        return fees;

        void Add(UsageCategory category, Rate? fee) => fees = fee is { } rate ? fees.Add(category, rate) : fees;
    }

    private static Rate? Dearer(Rate? left, Rate? right) => left is { } a && right is { } b ? Rate.Max(a, b) : left ?? right;
}
