using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Anthropic;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Reads what a message says of its cost.</summary>
internal static class AnthropicAnswer
{
    public static ProviderReport Report(JsonElement message, bool longCacheWrites, string? pricedRegion) =>
        Usage(message) is { } usage
            ? new()
            {
                Usage = AnthropicUsage.Read(usage, longCacheWrites),
                Model = Text(message, "model"),
                ServiceTier = AnthropicTier.Read([usage], pricedRegion),
            }
            : new() { Model = Text(message, "model") };

    public static JsonElement? Usage(JsonElement parent) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
            ? usage
            : null;

    public static string? Text(JsonElement parent, string name) => parent.Find(name)?.TextOrNull();
}
