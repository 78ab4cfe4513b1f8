using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire;

/// <summary>Reads request bodies the way the providers do.</summary>
internal static class RequestJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    public static async Task<JsonObject?> ParseAsync(Stream body)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, Options);
            return LastValueWins(document.RootElement) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The same of text that is there whole.</summary>
    public static JsonObject? Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return LastValueWins(document.RootElement) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? Text(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static bool IsTrue(this JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static long? WholeNumber(this JsonObject body, string name)
    {
        if (body[name] is not { } node)
        {
            return null;
        }

        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number))
        {
            return number;
        }

        throw new RejectedRequestException(400, $"Invalid type for '{name}': expected an integer.") { Param = name };
    }

    public static IEnumerable<JsonObject> Objects(this JsonNode? node) => (node as JsonArray ?? []).OfType<JsonObject>();

    // JsonNode refuses a name given twice; the parsers behind the real endpoints take the last.
    private static JsonNode? LastValueWins(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    members[member.Name] = LastValueWins(member.Value);
                }

                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(LastValueWins)]);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }
}
