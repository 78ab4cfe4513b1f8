using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Anthropic;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Reads what a message says of its cost.</summary>
internal static class AnthropicAnswer
{
    public static ServedCall Served(JsonElement message, bool longCacheWrites, string? pricedRegion) =>
        Usage(message) is { } usage
            ? new(AnthropicUsage.Read(usage, longCacheWrites), Text(message, "model"), AnthropicTier.Read([usage], pricedRegion))
            : new(Usage: null, Text(message, "model"), Tier: null);

    public static JsonElement? Usage(JsonElement parent) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
            ? usage
            : null;

    public static string? Text(JsonElement parent, string name) => parent.Find(name)?.TextOrNull();
}
