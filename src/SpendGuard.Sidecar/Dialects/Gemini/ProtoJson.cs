using System.Text.Json;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>
/// Reads JSON as Google's APIs do: a name may be in camel case or in snake case, and a list of one may be given as its item.
/// Names are compared loosely, so that no spelling which the provider may understand slips past.
/// </summary>
internal static class ProtoJson
{
    /// <exception cref="BadRequestException">The field is there in several spellings: which one counts is not known.</exception>
    public static JsonElement? FindField(this JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement? found = null;
        foreach (var field in parent.EnumerateObject().Where(field => ProtoNames.Same.Equals(field.Name, name)))
        {
            found = found is null ? field.Value : throw new BadRequestException($"'{name}' is there in more than one spelling. Give it once.");
        }

        return found is { ValueKind: JsonValueKind.Null } ? null : found;
    }

    public static JsonElement? FindObjectField(this JsonElement parent, string name) => parent.FindField(name)?.RequireObject(name);

    public static string? FindTextField(this JsonElement parent, string name) => parent.FindField(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.Text(name),
        _ => throw new BadRequestException($"'{name}' has to be a string."),
    };

    public static long? FindCountField(this JsonElement parent, string name, long least) => parent.FindField(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var count) && count >= least => count,
        _ => throw new BadRequestException($"'{name}' has to be a whole number of at least {least}."),
    };

    /// <summary>The objects of a list.</summary>
    public static IEnumerable<JsonElement> FindItems(this JsonElement parent, string name) => parent.FindField(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Select(item => item.RequireObject($"{name}[]")),
        { } only => [only.RequireObject(name)],
    };
}
