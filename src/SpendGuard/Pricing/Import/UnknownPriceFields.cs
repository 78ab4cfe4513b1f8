using System.Text.Json;

namespace SpendGuard.Pricing.Import;

/// <summary>
/// The fields of a price document that no reader here asks for. They are ignored, so that a document can carry more for newer engines; one that is
/// misspelt is ignored too, and whoever publishes the document should know.
/// </summary>
internal static class UnknownPriceFields
{
    private static readonly HashSet<string> OfDocument = new(StringComparer.Ordinal) { "schema_version", "engine", "generated_at", "expires_at", "rates", "signature" };

    private static readonly HashSet<string> OfTier = new(StringComparer.Ordinal) { "input_factor", "output_factor" };

    private static readonly HashSet<string> OfRates = new(StringComparer.Ordinal)
    {
        "input_cents_per_1m", "output_cents_per_1m", "uncached_input_cents_per_1m", "cached_input_cents_per_1m", "cache_read_input_cents_per_1m",
        "cache_write_input_cents_per_1m", "cache_write_1h_input_cents_per_1m", "reasoning_output_cents_per_1m", "audio_input_cents_per_1m",
        "audio_output_cents_per_1m",
    };

    private static readonly HashSet<string> OfContextTier = new(OfRates, StringComparer.Ordinal) { "threshold_tokens", "inclusive" };

    private static readonly HashSet<string> OfCard = new(OfRates, StringComparer.Ordinal)
    {
        "effective_from", "effective_to", "changes", "context_tiers", "context_cliff_threshold_tokens", "context_cliff_input_multiplier",
        "context_cliff_output_multiplier", "service_tiers", "max_input_tokens", "max_output_tokens", "assumed_max_output_tokens",
        "reasoning_outside_cap", "grounding_cents_per_1k_queries", "web_search_cents_per_call", "file_search_cents_per_call", "image_cents_per_image",
        "audio_cents_per_second", "speech_cents_per_1m_characters",
    };

    /// <summary>Finds them in a document that was read, each as its model and path.</summary>
    /// <param name="utf8Json">The document.</param>
    public static IReadOnlyList<string> In(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        var root = document.RootElement;
        return
        [
            .. Of("", root, OfDocument),
            .. from provider in root.GetProperty("rates").EnumerateObject()
               where provider.Value.ValueKind == JsonValueKind.Object
               from model in provider.Value.EnumerateObject()
               from field in OfModel($"{provider.Name}:{model.Name} ", model.Value)
               select field,
        ];
    }

    private static IEnumerable<string> OfModel(string path, JsonElement card) =>
    [
        .. Of(path, card, OfCard),
        .. Each(card, "changes").SelectMany(change => OfModel($"{path}changes.", change)),
        .. Each(card, "context_tiers").SelectMany(tier => Of($"{path}context_tiers.", tier, OfContextTier)),
        .. card.TryGetProperty("service_tiers", out var tiers) && tiers.ValueKind == JsonValueKind.Object
            ? tiers.EnumerateObject().SelectMany(tier => Of($"{path}service_tiers.{tier.Name}.", tier.Value, OfTier))
            : [],
    ];

    private static JsonElement.ArrayEnumerator Each(JsonElement card, string name) =>
        card.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static IEnumerable<string> Of(string path, JsonElement fields, HashSet<string> known) =>
        fields.EnumerateObject().Where(field => !known.Contains(field.Name)).Select(field => path + field.Name);
}
