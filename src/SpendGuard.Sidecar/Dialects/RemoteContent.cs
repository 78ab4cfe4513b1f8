using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Looks for content that the provider fetches. Whoever serves it can serve something larger after it was counted.</summary>
internal static class RemoteContent
{
    /// <summary>Whether there is any. What only looks like it counts too.</summary>
    public static bool IsIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(field => IsReference(field) || IsIn(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(IsIn),
        _ => false,
    };

    private static bool IsReference(JsonProperty field) => field.Name switch
    {
        "file_id" or "file_url" => field.Value.ValueKind != JsonValueKind.Null,
        "url" or "image_url" => field.Value.TextOrNull() is { } address && !address.StartsWith("data:", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
