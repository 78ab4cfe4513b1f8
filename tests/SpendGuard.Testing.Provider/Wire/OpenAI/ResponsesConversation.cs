using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>What a model makes out of the input of a response.</summary>
internal static class ResponsesConversation
{
    public static SimulatedConversation Read(JsonObject body)
    {
        var items = body["input"].Objects().ToList();
        var later = items.Where(item => item["type"].Text() == AdditionalTools.Item).SelectMany(item => item["tools"].Objects());
        return new()
        {
            Tools = [.. body["tools"].Objects().Concat(later).SelectMany(tool => Tools(tool, group: null))],
            ToolTurns = ToolTurns(items),
            ToolResults = [.. items.Where(item => IsOf(item, "_call_output")).Select(item => Spoken.Of(item["output"]))],
            Said = string.Join('\n', (string[])[body["input"].Text() ?? "", .. items.Where(item => item["role"].Text() == "user").Select(item => Spoken.Of(item["content"]))]),
            AnswerSchema = ((body["text"] as JsonObject)?["format"] as JsonObject)?["schema"] as JsonObject,
            AllowsParallelCalls = OpenAIRequest.AllowsParallelCalls(body),
        };
    }

    private static IEnumerable<SimulatedTool> Tools(JsonObject tool, string? group) => tool["type"].Text() switch
    {
        "namespace" => tool["tools"].Objects().SelectMany(inner => Tools(inner, tool["name"].Text())),
        "function" when tool["name"].Text() is { } name => [new(name, tool["parameters"] as JsonObject ?? []) { Namespace = group }],
        "custom" when tool["name"].Text() is { } name => [new(name, []) { Namespace = group, TakesText = true }],
        _ => [],
    };

    // Calls that follow each other were made side by side.
    private static int ToolTurns(List<JsonObject> items)
    {
        var turns = 0;
        var before = false;
        foreach (var item in items)
        {
            var isCall = IsOf(item, "_call");
            turns += isCall && !before ? 1 : 0;
            before = isCall;
        }

        return turns;
    }

    private static bool IsOf(JsonObject item, string kind) =>
        item["type"].Text() is { } type && (type == "function" + kind || type == "custom_tool" + kind);
}
