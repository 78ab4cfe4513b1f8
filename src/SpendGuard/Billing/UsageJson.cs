using System.Text.Json;

namespace SpendGuard.Billing;

/// <summary>Reads counts from what providers report.</summary>
internal static class UsageJson
{
    /// <summary>A value that is there; null counts as absent.</summary>
    public static JsonElement? Find(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static JsonElement? Object(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <summary>A text; null for what is none, or no valid Unicode.</summary>
    public static string? Text(JsonElement parent, string name)
    {
        try
        {
            return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A count that is a whole number within reason; anything else counts as not told.</summary>
    public static long? Count(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value) && IsCount(value, out var count) ? count : null;

    /// <summary>
    /// Whether a count is there and is no count. What stands beside it may be right, but what it would have said is unknown, and
    /// unknown is never zero.
    /// </summary>
    public static bool HasUnreadableCount(JsonElement usage) => usage.ValueKind switch
    {
        JsonValueKind.Object => usage.EnumerateObject().Any(member => member.Value.ValueKind switch
        {
            JsonValueKind.Null => false,
            JsonValueKind.Object or JsonValueKind.Array => HasUnreadableCount(member.Value),
            _ => CountsTokens(member) && !IsCount(member.Value, out _),
        }),
        JsonValueKind.Array => usage.EnumerateArray().Any(HasUnreadableCount),
        _ => false,
    };

    private static bool CountsTokens(JsonProperty member)
    {
        try
        {
            return member.Name.Contains("token", StringComparison.OrdinalIgnoreCase);
        }
        catch (InvalidOperationException)
        {
            // A name that is no valid Unicode is none that is read.
            return false;
        }
    }

    private static bool IsCount(JsonElement value, out long count)
    {
        count = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out count) && count is >= 0 and <= OverlappingCounts.MostTokens;
    }
}
