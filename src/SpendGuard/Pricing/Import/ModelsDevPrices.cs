using System.Text.Json;

namespace SpendGuard.Pricing.Import;

/// <summary>Reads the public JSON of models.dev: one object of providers with their models, prices in US dollars a million tokens.</summary>
internal static class ModelsDevPrices
{
    private const decimal CentsPerDollar = 100;

    /// <summary>The older way to state a tier, at one threshold only; a list of tiers beside it says the same better.</summary>
    private const string OlderTier = "context_over_200k";

    /// <summary>The names of models.dev for the providers whose formats SpendGuard speaks, and ours.</summary>
    private static readonly Dictionary<string, string> Providers = new(StringComparer.Ordinal)
    {
        ["openai"] = "openai",
        ["anthropic"] = "anthropic",
        ["google"] = "gemini",
        ["xai"] = "grok",
    };

    public static void Read(JsonElement map, IReadOnlyCollection<string> moreProviders, PriceImportBuilder import)
    {
        foreach (var named in map.EnumerateObject())
        {
            var provider = Provider(named.Name, moreProviders);
            if (provider is null || MapRow.Find(named.Value, "models") is not { ValueKind: JsonValueKind.Object } models)
            {
                continue;
            }

            foreach (var model in models.EnumerateObject())
            {
                import.Add($"{named.Name}/{model.Name}", provider, model.Name, key => Model(key, model.Value));
            }
        }
    }

    private static string? Provider(string named, IReadOnlyCollection<string> more) =>
        Providers.GetValueOrDefault(named) ?? (more.Contains(named, StringComparer.Ordinal) ? named : null);

    private static PublishedModel Model(ModelKey model, JsonElement row)
    {
        if (MapRow.Find(row, "cost") is not { ValueKind: JsonValueKind.Object } cost)
        {
            throw new UnusableRowException("It has no price.");
        }

        var limit = MapRow.Find(row, "limit") ?? default;
        return new PublishedModel
        {
            Model = model,
            Rates = Rates(cost),
            ContextTiers = ContextTiers(cost),
            ServiceTiers = FastMode(row),
            MaxInputTokens = MapRow.Tokens(limit, "input") ?? MapRow.Tokens(limit, "context"),
            MaxOutputTokens = MapRow.Tokens(limit, "output"),
            Embedding = model.Model.Contains("embed", StringComparison.OrdinalIgnoreCase),
            Reasons = MapRow.Flag(row, "reasoning"),
        };
    }

    /// <exception cref="UnusableRowException">There is a price that is not understood.</exception>
    private static PublishedRates Rates(JsonElement cost)
    {
        var rates = new PublishedRates();
        foreach (var field in cost.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.Number))
        {
            var cents = MapRow.Price(field.Value, field.Name) * CentsPerDollar;
            rates = field.Name switch
            {
                "input" => rates with { Input = cents },
                "output" => rates with { Output = cents },
                "reasoning" => rates with { ReasoningOutput = cents },
                "cache_read" => rates with { CachedInput = cents },
                "cache_write" => rates with { CacheWrite = cents },
                "input_audio" => rates with { AudioInput = cents },
                "output_audio" => rates with { AudioOutput = cents },
                _ when cents == 0 => rates,
                _ => throw new UnusableRowException($"It has the price {field.Name}, which is not understood."),
            };
        }

        return rates;
    }

    private static Dictionary<long, PublishedRates> ContextTiers(JsonElement cost)
    {
        var tiers = new Dictionary<long, PublishedRates>();
        if (MapRow.Find(cost, "tiers") is not { ValueKind: JsonValueKind.Array } list)
        {
            return MapRow.Find(cost, OlderTier) is { ValueKind: JsonValueKind.Object } older ? new() { [200_000] = Rates(older) } : tiers;
        }

        foreach (var tier in list.EnumerateArray())
        {
            if (MapRow.Find(tier, "tier") is not { } by || MapRow.Text(by, "type") is not (null or "context") || MapRow.Tokens(by, "size") is not { } size
                || !tiers.TryAdd(size, Rates(tier)))
            {
                throw new UnusableRowException("It has a tier that is not understood.");
            }
        }

        return tiers;
    }

    /// <summary>The fast mode, under the name that the provider's API has for it.</summary>
    private static Dictionary<(string, long), PublishedRates> FastMode(JsonElement row)
    {
        if (Inside(row, "experimental", "modes", "fast") is not { } fast || MapRow.Find(fast, "cost") is not { ValueKind: JsonValueKind.Object } cost)
        {
            return [];
        }

        var name = Inside(fast, "provider", "body") is { } body ? MapRow.Text(body, "service_tier") : null;
        return new() { [(name ?? "fast", 0)] = Rates(cost) };
    }

    private static JsonElement? Inside(JsonElement row, params ReadOnlySpan<string> path)
    {
        JsonElement? at = row;
        foreach (var name in path)
        {
            at = at is { } inner ? MapRow.Find(inner, name) : null;
        }

        return at;
    }
}
