using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Agents;

/// <summary>A small value that keeps to a schema.</summary>
internal static class SchemaSample
{
    public static JsonNode Of(JsonObject schema)
    {
        if (schema["enum"] is JsonArray { Count: > 0 } values && values[0] is { } first)
        {
            return first.DeepClone();
        }

        return Type(schema) switch
        {
            "object" => new JsonObject(Required(schema).Select(name => KeyValuePair.Create<string, JsonNode?>(name, Of(Property(schema, name))))),
            "array" => schema["minItems"] is null || schema["items"] is not JsonObject items ? new JsonArray() : new JsonArray(Of(items)),
            "integer" or "number" => schema["minimum"]?.DeepClone() ?? 1,
            "boolean" => false,
            _ => "text",
        };
    }

    public static string? Type(JsonObject schema) =>
        (schema["type"] is JsonArray types ? types.FirstOrDefault() : schema["type"]).Text()?.ToLowerInvariant()
        ?? (schema["properties"] is JsonObject ? "object" : null);

    public static IEnumerable<string> Required(JsonObject schema) =>
        (schema["required"] as JsonArray ?? []).Where(name => name?.GetValueKind() == JsonValueKind.String).Select(name => name.Text()!);

    public static JsonObject Property(JsonObject schema, string name) => (schema["properties"] as JsonObject)?[name] as JsonObject ?? [];
}
