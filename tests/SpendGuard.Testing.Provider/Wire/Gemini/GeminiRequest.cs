using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.Gemini;

/// <summary>Reads and counts Gemini requests. Their names may come in camel case or in snake case, as in all protobuf JSON.</summary>
internal static class GeminiRequest
{
    private const long PerMessage = 3;
    private const long Priming = 3;
    private const long PerTool = 8;
    private const long Image = 258;

    public static string Model(string path)
    {
        var resource = path[(path.LastIndexOf('/') + 1)..];
        return resource[..resource.LastIndexOf(':')];
    }

    public static JsonObject Config(JsonObject body) => Either(body, "generationConfig", "generation_config") as JsonObject ?? [];

    public static JsonNode? Either(JsonObject body, string camel, string snake) => body[camel] ?? body[snake];

    public static IEnumerable<JsonObject> Functions(JsonObject body) =>
        body["tools"].Objects().SelectMany(tool => Either(tool, "functionDeclarations", "function_declarations").Objects());

    public static bool IsToolResult(JsonObject part) => Either(part, "functionResponse", "function_response") is not null;

    public static long Count(JsonObject body, CountingRules rules) =>
        Priming
        + (Either(body, "systemInstruction", "system_instruction") is JsonObject system ? Message(system, rules) : 0)
        + body["contents"].Objects().Sum(content => Message(content, rules))
        + Functions(body).Sum(function => rules.Json(function) + PerTool)
        + rules.Json(Either(Config(body), "responseSchema", "response_schema"))
        + rules.Json(Either(Config(body), "responseJsonSchema", "response_json_schema"));

    private static long Message(JsonObject content, CountingRules rules) =>
        PerMessage + rules.Text(content["role"].Text()) + content["parts"].Objects().Sum(part => Part(part, rules));

    private static long Part(JsonObject part, CountingRules rules) =>
        rules.Text(part["text"].Text())
        + (Either(part, "thoughtSignature", "thought_signature").Text()?.Length * 3 / 4 ?? 0)
        + rules.Json(Either(part, "functionCall", "function_call"))
        + rules.Json(Either(part, "functionResponse", "function_response"))
        + (Either(part, "inlineData", "inline_data") is null ? 0 : rules.Image ?? Image);
}
