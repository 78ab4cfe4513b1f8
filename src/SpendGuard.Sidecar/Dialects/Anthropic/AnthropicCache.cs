using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Looks for cache marks, which may stand at the top of a request and on every block and tool.</summary>
internal static class AnthropicCache
{
    /// <summary>Whether anything asks for a cache that lives longer than five minutes. What only looks like a mark counts too.</summary>
    public static bool AsksForLong(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(field => IsLongMark(field) || AsksForLong(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(AsksForLong),
        _ => false,
    };

    private static bool IsLongMark(JsonProperty field) =>
        field.NameEquals("cache_control"u8)
        && field.Value.Find("ttl") is { } life
        && !(life.ValueKind == JsonValueKind.String && life.ValueEquals("5m"u8));
}
