using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>Counts the input of OpenAI's chat and responses requests.</summary>
internal static class OpenAIInput
{
    private const long PerMessage = 3;
    private const long Priming = 3;
    private const long PerTool = 8;

    // 85 for the thumbnail, and for a closer look four tiles of 170.
    private const long Thumbnail = 85;
    private const long CloserLook = 765;

    public static long Chat(JsonObject body, CountingRules rules) =>
        Priming
        + body["messages"].Objects().Sum(message => Message(message, rules))
        + body["tools"].Objects().Sum(tool => rules.Json(tool["function"] ?? tool) + PerTool)
        + body["functions"].Objects().Sum(function => rules.Json(function) + PerTool)
        + rules.Json((body["response_format"] as JsonObject)?["json_schema"]);

    public static long Responses(JsonObject body, CountingRules rules) =>
        Priming
        + Plain("system", body["instructions"].Text(), rules)
        + Plain("user", body["input"].Text(), rules)
        + body["input"].Objects().Sum(item => Item(item, rules))
        + Tools(body, rules)
        + rules.Json(((body["text"] as JsonObject)?["format"] as JsonObject)?["schema"]);

    // Each tool costs the same, in whatever it is wrapped.
    private static long Tools(JsonObject parent, CountingRules rules) =>
        parent["tools"].Objects().Sum(tool => PerTool + (tool["tools"] is null ? rules.Json(tool) : rules.Json(tool) + Tools(tool, rules) - rules.Json(tool["tools"])));

    private static long Plain(string role, string? text, CountingRules rules) =>
        text is null ? 0 : PerMessage + rules.Text(role) + rules.Text(text);

    private static long Item(JsonObject item, CountingRules rules) => item["type"].Text() switch
    {
        "function_call" or "custom_tool_call" => Call(item, rules),
        "function_call_output" or "custom_tool_call_output" => PerMessage + Content(item["output"], rules),

        AdditionalTools.Item or "tool_search_output" => PerMessage + rules.Text(item["call_id"].Text()) + Tools(item, rules),
        "tool_search_call" => PerMessage + rules.Json(item),

        // What is encrypted is base 64 of at least as many bytes as it hides.
        "reasoning" => PerMessage + Content(item["summary"], rules) + (item["encrypted_content"].Text()?.Length * 3 / 4 ?? 0),
        _ => Message(item, rules),
    };

    private static long Message(JsonObject message, CountingRules rules) =>
        PerMessage
        + rules.Text(message["role"].Text())
        + Content(message["content"], rules)
        + rules.Text(message["refusal"].Text())
        + (message["name"].Text() is { } name ? 1 + rules.Text(name) : 0)
        + message["tool_calls"].Objects().Select(call => call["function"] ?? call["custom"]).OfType<JsonObject>().Sum(call => Call(call, rules))
        + (message["function_call"] is JsonObject function ? Call(function, rules) : 0);

    private static long Call(JsonObject call, CountingRules rules) =>
        PerMessage + rules.Text(call["name"].Text()) + rules.Text(call["arguments"].Text()) + rules.Text(call["input"].Text());

    private static long Content(JsonNode? content, CountingRules rules) =>
        rules.Text(content.Text()) + content.Objects().Sum(part => Part(part, rules));

    private static long Part(JsonObject part, CountingRules rules) => part["type"].Text() switch
    {
        "image_url" => Image((part["image_url"] as JsonObject)?["detail"].Text(), rules),
        "input_image" => Image(part["detail"].Text(), rules),
        _ => rules.Text(part["text"].Text()) + rules.Text(part["refusal"].Text()),
    };

    private static long Image(string? detail, CountingRules rules) => rules.Image ?? (detail is "low" ? Thumbnail : CloserLook);
}
