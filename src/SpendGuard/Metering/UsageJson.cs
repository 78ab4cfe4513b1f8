using System.Text.Json;

namespace SpendGuard.Metering;

/// <summary>Reads counts from what providers report.</summary>
internal static class UsageJson
{
    /// <summary>Far beyond any real count, and small enough that sums of counts do not overflow.</summary>
    private const long MaxCount = 1L << 48;

    public static JsonElement? Object(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

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
        parent is { } element
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var count)
        && count is >= 0 and <= MaxCount
            ? count
            : null;
}
