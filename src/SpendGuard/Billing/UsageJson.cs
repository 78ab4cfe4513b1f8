using System.Globalization;
using System.Runtime.InteropServices;
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
            _ => CountsTokens(member) && !(IsWrittenAsCount(member.Value) && IsCount(member.Value, out _)),
        }),
        JsonValueKind.Array => usage.EnumerateArray().Any(HasUnreadableCount),
        _ => false,
    };

    /// <summary>Whether a number is written as counts are. What a text or a fraction says may be of less than all.</summary>
    public static bool IsWrittenAsCount(JsonElement value) => value.ValueKind == JsonValueKind.Number && Number(value) is { } number && decimal.IsInteger(number);

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

    /// <summary>A number, or a text that is one.</summary>
    /// <returns>The number; null for what is none, or beyond all reason.</returns>
    public static decimal? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDecimal(out var number) => number,
        JsonValueKind.String when decimal.TryParse(JsonMarshal.GetRawUtf8Value(value).Trim((byte)'"'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>Whether a number is a count within reason. What is written with a fraction counts as the next whole number.</summary>
    public static bool IsCount(decimal? number, out long count)
    {
        var isCount = number is >= 0 and <= OverlappingCounts.MostTokens;
        count = isCount ? (long)decimal.Ceiling(number!.Value) : 0;
        return isCount;
    }

    private static bool IsCount(JsonElement value, out long count) => IsCount(Number(value), out count);
}
