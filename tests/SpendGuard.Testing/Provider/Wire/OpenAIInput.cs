using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire;

/// <summary>Counts the input of OpenAI's chat and responses requests.</summary>
internal static class OpenAIInput
{
    private const long PerMessage = 3;
    private const long Priming = 3;
    private const long PerTool = 8;

    public static long Chat(JsonObject body) =>
        Priming
        + body["messages"].Objects().Sum(Message)
        + body["tools"].Objects().Sum(tool => TokenCounter.CountJson(tool["function"] ?? tool) + PerTool)
        + body["functions"].Objects().Sum(function => TokenCounter.CountJson(function) + PerTool)
        + TokenCounter.CountJson((body["response_format"] as JsonObject)?["json_schema"]);

    public static long Responses(JsonObject body) =>
        Priming
        + Plain("system", body["instructions"].Text())
        + Plain("user", body["input"].Text())
        + body["input"].Objects().Sum(Item)
        + body["tools"].Objects().Sum(tool => TokenCounter.CountJson(tool) + PerTool)
        + TokenCounter.CountJson(((body["text"] as JsonObject)?["format"] as JsonObject)?["schema"]);

    private static long Plain(string role, string? text) =>
        text is null ? 0 : PerMessage + TokenCounter.Count(role) + TokenCounter.Count(text);

    private static long Item(JsonObject item) => item["type"].Text() switch
    {
        "function_call" => Call(item),
        "function_call_output" => PerMessage + Content(item["output"]),
        _ => Message(item),
    };

    private static long Message(JsonObject message) =>
        PerMessage
        + TokenCounter.Count(message["role"].Text())
        + Content(message["content"])
        + (message["name"].Text() is { } name ? 1 + TokenCounter.Count(name) : 0)
        + message["tool_calls"].Objects().Select(call => call["function"]).OfType<JsonObject>().Sum(Call);

    private static long Call(JsonObject call) =>
        PerMessage + TokenCounter.Count(call["name"].Text()) + TokenCounter.Count(call["arguments"].Text());

    private static long Content(JsonNode? content) => TokenCounter.Count(content.Text()) + content.Objects().Sum(Part);

    private static long Part(JsonObject part) => part["type"].Text() switch
    {
        "image_url" => Image((part["image_url"] as JsonObject)?["detail"].Text()),
        "input_image" => Image(part["detail"].Text()),
        _ => TokenCounter.Count(part["text"].Text()) + TokenCounter.Count(part["refusal"].Text()),
    };

    // 85 for the thumbnail, and for a closer look four tiles of 170.
    private static long Image(string? detail) => detail is "low" ? 85 : 765;
}
