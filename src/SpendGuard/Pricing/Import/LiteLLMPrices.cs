using System.Text.Json;

namespace SpendGuard.Pricing.Import;

/// <summary>Reads LiteLLM's public price map: one object of models, prices in US dollars a token.</summary>
internal static class LiteLLMPrices
{
    private const decimal CentsPer1M = 100 * 1_000_000m;

    /// <summary>LiteLLM's names of the providers whose formats SpendGuard speaks, and ours.</summary>
    private static readonly Dictionary<string, string> Providers = new(StringComparer.Ordinal)
    {
        ["openai"] = "openai",
        ["anthropic"] = "anthropic",
        ["gemini"] = "gemini",
        ["xai"] = "grok",
    };

    public static void Read(JsonElement map, IReadOnlyCollection<string> moreProviders, PriceImportBuilder import)
    {
        foreach (var row in map.EnumerateObject())
        {
            var named = MapRow.Text(row.Value, "litellm_provider") ?? "";
            if (Provider(named, moreProviders) is { } provider)
            {
                import.Add(row.Name, provider, WithoutPrefix(row.Name, named), model => Model(model, row.Value));
            }
        }
    }

    private static string? Provider(string named, IReadOnlyCollection<string> more) =>
        Providers.GetValueOrDefault(named) ?? (more.Contains(named, StringComparer.Ordinal) ? named : null);

    /// <summary>A row of another provider's copy of a model is named <c>provider/model</c>; on the wire the model is named without.</summary>
    private static string WithoutPrefix(string name, string provider) =>
        name.StartsWith(provider + "/", StringComparison.Ordinal) ? name[(provider.Length + 1)..] : name;

    private static PublishedModel Model(ModelKey model, JsonElement row)
    {
        var mode = MapRow.Text(row, "mode");
        if (mode is not ("chat" or "responses" or "embedding"))
        {
            throw new UnusableRowException($"Its mode is {mode ?? "not stated"}; only chat, responses and embedding are priced by tokens alone.");
        }

        var prices = new LiteLLMRow(CentsPer1M);
        foreach (var field in row.EnumerateObject())
        {
            prices.Add(field.Name, field.Value);
        }

        return new PublishedModel
        {
            Model = model,
            Rates = prices.Rates(),
            ContextTiers = prices.ContextTiers(),
            ServiceTiers = prices.ServiceTiers(),
            Factors = Factors(row),
            CentsPerSearch = Search(row),
            CentsPerFileSearch = MapRow.Figure(row, "file_search_cost_per_1k_calls") * 100 / 1000,
            MaxInputTokens = MapRow.Tokens(row, "max_input_tokens"),
            MaxOutputTokens = MapRow.Tokens(row, "max_output_tokens"),
            Embedding = mode is "embedding",
            Reasons = MapRow.Flag(row, "supports_reasoning"),
        };
    }

    /// <summary>The fee depends on how much context a search brings; the engine does not see that, so the dearest counts.</summary>
    private static decimal? Search(JsonElement row) =>
        MapRow.Find(row, "search_context_cost_per_query") is { ValueKind: JsonValueKind.Object } sizes && sizes.EnumerateObject().Any()
            ? sizes.EnumerateObject().Max(size => MapRow.Price(size.Value, size.Name)) * 100
            : null;

    private static Dictionary<string, decimal> Factors(JsonElement row) =>
        MapRow.Find(row, "provider_specific_entry") is { ValueKind: JsonValueKind.Object } factors
            ? factors.EnumerateObject()
                .Where(factor => factor.Value.ValueKind == JsonValueKind.Number)
                .ToDictionary(factor => factor.Name, factor => MapRow.Price(factor.Value, factor.Name), StringComparer.Ordinal)
            : [];
}
