using System.Text.Json;
using SpendGuard.Metering;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Reads what a message says of its cost.</summary>
internal static class AnthropicAnswer
{
    public static ServedCall Served(JsonElement message, bool longCacheWrites) =>
        Usage(message) is { } usage
            ? new(AnthropicUsage.Read(usage, longCacheWrites), Text(message, "model"), Tier(usage))
            : new(Usage: null, Text(message, "model"), Tier: null);

    public static JsonElement? Usage(JsonElement parent) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
            ? usage
            : null;

    /// <summary>What multiplies the price of the whole call: a fast speed, a region with a surcharge, or a service tier.</summary>
    public static string? Tier(JsonElement usage) =>
        Text(usage, "speed") is { } speed and not "standard" ? speed
        : Text(usage, "inference_geo") is "us" ? "us"
        : Text(usage, "service_tier");

    public static string? Text(JsonElement parent, string name) => parent.Find(name)?.TextOrNull();
}
