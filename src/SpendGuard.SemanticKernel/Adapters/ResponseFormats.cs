using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Adapters;

/// <summary>Says in JSON what a connector's settings say in types, because that is how settings get past Semantic Kernel's adapters.</summary>
internal static class ResponseFormats
{
    private const string Property = "ResponseFormat";

    /// <summary>As the connector itself makes the schema of a type.</summary>
    private static readonly AIJsonSchemaCreateOptions Strict = new()
    {
        TransformOptions = new() { DisallowAdditionalProperties = true, RequireAllProperties = true, MoveDefaultKeywordToDescription = true },
    };

    private static readonly JsonSerializerOptions ByName = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The settings, or a copy of them whose response format is no type.</summary>
    public static PromptExecutionSettings? Told(PromptExecutionSettings? settings)
    {
        object? format = settings?.GetType().GetProperty(Property)?.GetValue(settings) switch
        {
            Type type => OfType(Nullable.GetUnderlyingType(type) ?? type),
            IPersistableModel<object> sdk => OfSdk(JsonElement.Parse(sdk.Write(ModelReaderWriterOptions.Json).ToString())),
            _ => null,
        };
        if (format is null)
        {
            return settings;
        }

        var told = settings!.Clone();
        told.GetType().GetProperty(Property)!.SetValue(told, format);
        return told;
    }

    private static JsonElement OfType(Type type) => JsonSerializer.SerializeToElement(new JsonObject
    {
        ["type"] = "json_schema",
        ["json_schema"] = new JsonObject
        {
            ["name"] = NameOf(type),
            ["strict"] = true,
            ["schema"] = JsonNode.Parse(AIJsonUtilities.CreateJsonSchema(type, serializerOptions: ByName, inferenceOptions: Strict).GetRawText()),
        },
    });

    private static object OfSdk(JsonElement format) => format.GetProperty("type").GetString() is "json_schema" ? format : format.GetProperty("type").GetString()!;

    private static string NameOf(Type type) => type.IsGenericType
        ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] + string.Concat(type.GetGenericArguments().Select(NameOf))
        : type.Name;
}
