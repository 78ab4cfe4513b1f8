using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Reads fields of a request, with a sentence for what is of the wrong type. Null counts as absent.</summary>
internal static class JsonFields
{
    public static JsonElement? Find(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? FindString(this JsonElement parent, string name) => parent.Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.Text(name),
        _ => throw new BadRequestException($"'{name}' has to be a string."),
    };

    /// <summary>The text of a string, which JSON lets be no valid Unicode.</summary>
    public static string? Text(this JsonElement value, string name)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new BadRequestException($"'{name}' is not valid Unicode: half of a surrogate pair is missing.");
        }
    }

    /// <summary>The text of a string in an answer; null for what is no string or no valid Unicode: an answer cannot be refused.</summary>
    public static string? TextOrNull(this JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A count in an answer; null for what is none: an answer cannot be refused.</summary>
    public static long? CountOrNull(this JsonElement parent, string name) =>
        parent.Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) ? count : null;

    public static bool FindBoolean(this JsonElement parent, string name) => parent.Find(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw new BadRequestException($"'{name}' has to be true or false."),
    };

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public static long? FindCount(this JsonElement parent, string name, long least = 0) => parent.Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var count) && count >= least => count,
        _ => throw new BadRequestException($"'{name}' has to be a whole number of at least {least}."),
    };

    public static IEnumerable<JsonElement> FindArray(this JsonElement parent, string name) => parent.Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } value => value.EnumerateArray(),
        _ => throw new BadRequestException($"'{name}' has to be an array."),
    };

    public static JsonElement RequireObject(this JsonElement value, string name) => value.ValueKind == JsonValueKind.Object
        ? value
        : throw new BadRequestException($"'{name}' has to be an object.");

    /// <summary>Adds what the provider renders anew from JSON, such as a schema: its bytes are counted as those of a tool.</summary>
    public static InputBound AddJson(this InputBound bound, JsonElement json) => bound.AddTool("", description: null, json.GetRawText());
}
