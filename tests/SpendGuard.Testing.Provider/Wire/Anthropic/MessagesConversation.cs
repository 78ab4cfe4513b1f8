using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire.Anthropic;

/// <summary>What a model makes out of Anthropic messages.</summary>
internal static class MessagesConversation
{
    public static SimulatedConversation Read(JsonObject body)
    {
        var messages = body["messages"].Objects().ToList();
        var said = messages.Where(message => message["role"].Text() == "user").ToList();
        var results = said.SelectMany(message => Blocks(message, "tool_result")).ToList();
        return new()
        {
            Tools =
            [
                .. from tool in body["tools"].Objects()
                   where tool["type"].Text() is null or "custom" && tool["name"].Text() is not null
                   select new SimulatedTool(tool["name"].Text()!, tool["input_schema"] as JsonObject ?? []),
            ],
            ToolTurns = messages.Count(message => message["role"].Text() == "assistant" && Blocks(message, "tool_use").Any()),
            ToolResults = [.. results.Select(result => Spoken.Of(result["content"]))],
            Said = string.Join('\n', said.Select(message => Spoken.Of(message["content"]))),
            AnswerSchema = ((body["output_config"] as JsonObject)?["format"] as JsonObject ?? body["output_format"] as JsonObject)?["schema"] as JsonObject,
            WantsThoughts = WantsThoughts(body),
            AllowsParallelCalls = !(body["tool_choice"] as JsonObject)?["disable_parallel_tool_use"].IsTrue() ?? true,
            AsksToCache = Marked(body["system"]) || Marked(body["tools"]) || body["cache_control"] is not null || messages.Exists(message => Marked(message["content"])),
        };
    }

    public static bool WantsThoughts(JsonObject body) => (body["thinking"] as JsonObject)?["type"].Text() is "adaptive" or "enabled";

    private static IEnumerable<JsonObject> Blocks(JsonObject message, string type) =>
        message["content"].Objects().Where(block => block["type"].Text() == type);

    private static bool Marked(JsonNode? blocks) => blocks.Objects().Any(block => block["cache_control"] is JsonObject);
}
