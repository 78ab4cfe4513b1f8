using System.Text.Json;

namespace SpendGuard.Pricing.Import;

/// <summary>Reads the fields of one JSON object in a price map: exactly, never through binary floating point.</summary>
internal static class MapRow
{
    /// <summary>What a binary floating-point number holds for sure. More digits than that are its noise and not somebody's price.</summary>
    private const int SignificantDigits = 15;

    /// <summary>A price or a factor; null when it is absent.</summary>
    /// <exception cref="UnusableRowException">It is not a number, or negative.</exception>
    public static decimal? Figure(JsonElement row, string name) => Find(row, name) is { } value ? Price(value, name) : null;

    /// <summary>A price or a factor.</summary>
    /// <exception cref="UnusableRowException">It is not a number, or negative.</exception>
    public static decimal Price(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number >= 0
            ? WithoutNoise(number)
            : throw new UnusableRowException($"{name} is {Short(value)} and not a price.");

    /// <summary>A number of tokens, 2e5 and 200000.0 included; null when it is absent, zero or no whole number, and so not known.</summary>
    public static long? Tokens(JsonElement row, string name) =>
        Find(row, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number)
        && number is > 0 and <= long.MaxValue && decimal.IsInteger(number) ? decimal.ToInt64(number) : null;

    public static string? Text(JsonElement row, string name) => Find(row, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool? Flag(JsonElement row, string name) => Find(row, name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>A field that is there and not null.</summary>
    public static JsonElement? Find(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static decimal WithoutNoise(decimal number)
    {
        var digits = number.ToString().Replace(".", "", StringComparison.Ordinal).TrimStart('0').Length;
        var surplus = digits - SignificantDigits;
        return surplus > 0 && surplus <= number.Scale ? decimal.Round(number, number.Scale - surplus) : number;
    }

    private static string Short(JsonElement value) => value.GetRawText() is { Length: > 40 } text ? text[..40] + "…" : value.GetRawText();
}
