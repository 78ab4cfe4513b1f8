using System.Text.Json;

namespace SpendGuard.Pricing.Import;

/// <summary>Sorts the price fields of one row of LiteLLM's map: a rate, above a number of tokens, at a service tier.</summary>
/// <param name="centsPer1M">What a price in the map is multiplied with.</param>
internal sealed class LiteLLMRow(decimal centsPer1M)
{
    private const string Above = "_above_";
    private const string ThousandTokens = "k_tokens";

    private static readonly string[] Tiers = ["priority", "flex"];

    /// <summary>What is billed by something else than tokens and refused, or not priced, before it can be called; and the batch rates, which no call here has.</summary>
    private static readonly string[] NotOfTokens =
    [
        "_batches", "_per_second", "_per_image", "_per_pixel", "_per_character", "_per_video", "_per_page", "_per_session", "_per_gb_per_day",
        "_per_query", "_per_1k_calls", "computer_use_", "_per_minute", "cache_read_input_audio_token_cost", "cache_creation_input_audio_token_cost",
        "cache_read_input_image_token_cost",
    ];

    private readonly Dictionary<(string Tier, long Threshold), PublishedRates> _rates = [];

    public PublishedRates Rates() => _rates.GetValueOrDefault(("", 0)) ?? new PublishedRates();

    public Dictionary<long, PublishedRates> ContextTiers() =>
        _rates.Where(rate => rate.Key is { Tier: "", Threshold: > 0 }).ToDictionary(rate => rate.Key.Threshold, rate => rate.Value);

    public Dictionary<(string Tier, long Threshold), PublishedRates> ServiceTiers() =>
        _rates.Where(rate => rate.Key.Tier.Length > 0).ToDictionary(rate => rate.Key, rate => rate.Value);

    /// <exception cref="UnusableRowException">The field is a price that is not understood: left out, the model would seem cheaper than it is.</exception>
    public void Add(string field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        if (field is "tiered_pricing" or "off_peak_pricing")
        {
            throw new UnusableRowException($"It has {field}, which is not understood.");
        }

        if (!field.Contains("cost", StringComparison.Ordinal) || value.ValueKind == JsonValueKind.Object)
        {
            return;
        }

        var (name, tier) = CutTier(field);
        (name, var threshold) = CutThreshold(name);
        if (Changed(_rates.GetValueOrDefault((tier, threshold)) ?? new PublishedRates(), name, () => MapRow.Price(value, field) * centsPer1M) is { } rates)
        {
            _rates[(tier, threshold)] = rates;
        }
        else if (!Array.Exists(NotOfTokens, part => field.Contains(part, StringComparison.Ordinal)) && MapRow.Price(value, field) > 0)
        {
            throw new UnusableRowException($"It has the price {field}, which is not understood.");
        }
    }

    private static PublishedRates? Changed(PublishedRates rates, string name, Func<decimal> price) => name switch
    {
        "input_cost_per_token" => rates with { Input = price() },
        "output_cost_per_token" => rates with { Output = price() },
        "output_cost_per_reasoning_token" => rates with { ReasoningOutput = price() },
        "cache_read_input_token_cost" => rates with { CachedInput = price() },
        "cache_creation_input_token_cost" => rates with { CacheWrite = price() },
        "cache_creation_input_token_cost_above_1hr" => rates with { LongCacheWrite = price() },
        "input_cost_per_audio_token" => rates with { AudioInput = price() },
        "output_cost_per_audio_token" => rates with { AudioOutput = price() },
        "input_cost_per_image_token" => rates with { ImageInput = price() },
        "output_cost_per_image_token" => rates with { ImageOutput = price() },
        _ => null,
    };

    private static (string Name, string Tier) CutTier(string field)
    {
        foreach (var tier in Tiers)
        {
            if (field.EndsWith("_" + tier, StringComparison.Ordinal))
            {
                return (field[..^(tier.Length + 1)], tier);
            }
        }

        return (field, "");
    }

    private static (string Name, long Threshold) CutThreshold(string field)
    {
        var at = field.LastIndexOf(Above, StringComparison.Ordinal);
        return at > 0 && field.EndsWith(ThousandTokens, StringComparison.Ordinal)
            && long.TryParse(field.AsSpan(at + Above.Length, Math.Max(0, field.Length - at - Above.Length - ThousandTokens.Length)), out var thousands)
            ? (field[..at], thousands * 1000)
            : (field, 0);
    }
}
