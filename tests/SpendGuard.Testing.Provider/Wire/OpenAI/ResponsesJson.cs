using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>A response object and its output items.</summary>
internal static class ResponsesJson
{
    public static string FinalStatus(Generation generation) => generation.Truncated ? "incomplete" : "completed";

    public static JsonObject Response(Generation generation, string status, JsonObject? usage)
    {
        var body = generation.Request.Body;
        var ended = status is "completed" or "incomplete";
        return new()
        {
            ["id"] = $"resp_{generation.Request.CallId}",
            ["object"] = "response",
            ["created_at"] = Generation.CreatedAt,
            ["status"] = status,
            ["background"] = false,
            ["error"] = null,
            ["incomplete_details"] = status == "incomplete" ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["instructions"] = body["instructions"]?.DeepClone(),
            ["max_output_tokens"] = generation.Request.MaxOutputTokens,
            ["model"] = generation.Model,
            ["output"] = ended ? new JsonArray([.. Items(generation)]) : new JsonArray(),
            ["parallel_tool_calls"] = true,
            ["previous_response_id"] = null,
            ["reasoning"] = new JsonObject { ["effort"] = null, ["summary"] = null },
            ["service_tier"] = generation.Tiers is [var tier] ? tier : "default",
            ["store"] = true,
            ["temperature"] = 1.0,
            ["text"] = body["text"]?.DeepClone() ?? new JsonObject { ["format"] = new JsonObject { ["type"] = "text" } },
            ["tool_choice"] = body["tool_choice"]?.DeepClone() ?? "auto",
            ["tools"] = body["tools"]?.DeepClone() ?? new JsonArray(),
            ["top_p"] = 1.0,
            ["truncation"] = "disabled",
            ["usage"] = usage,
            ["user"] = null,
            ["metadata"] = new JsonObject(),
        };
    }

    public static JsonObject Message(Generation generation, string status, JsonArray content) => new()
    {
        ["id"] = $"msg_{generation.Request.CallId}",
        ["type"] = "message",
        ["status"] = status,
        ["role"] = "assistant",
        ["content"] = content,
    };

    public static JsonObject TextPart(string text) => new()
    {
        ["type"] = "output_text",
        ["annotations"] = new JsonArray(),
        ["logprobs"] = new JsonArray(),
        ["text"] = text,
    };

    public static JsonObject Reasoning(Generation generation) => new()
    {
        ["id"] = $"rs_{generation.Request.CallId}",
        ["type"] = "reasoning",
        ["summary"] = new JsonArray(new JsonObject { ["type"] = "summary_text", ["text"] = generation.Thoughts }),
        ["encrypted_content"] = generation.Seal,
    };

    public static JsonObject ToolCall(Generation generation, int index, string status, string arguments)
    {
        var call = generation.ToolCalls[index];
        var json = new JsonObject
        {
            ["id"] = ToolCallItemId(generation, index),
            ["type"] = call.TakesText ? "custom_tool_call" : "function_call",
            ["status"] = status,
            ["call_id"] = generation.ToolCallId(index),
            ["name"] = call.Name,
            [call.TakesText ? "input" : "arguments"] = arguments,
        };
        if (call.Namespace is { } name)
        {
            json["namespace"] = name;
        }

        return json;
    }

    public static string ToolCallItemId(Generation generation, int index) =>
        $"{(generation.ToolCalls[index].TakesText ? "ctc" : "fc")}_{generation.Request.CallId}_{index}";

    private static IEnumerable<JsonNode> Items(Generation generation)
    {
        for (var search = 0; search < generation.Usage.Searches; search++)
        {
            yield return new JsonObject { ["id"] = $"ws_{generation.Request.CallId}_{search}", ["type"] = "web_search_call", ["status"] = "completed" };
        }

        if (generation.Thoughts is not null)
        {
            yield return Reasoning(generation);
        }

        if (generation.TextPieces.Count > 0)
        {
            yield return Message(generation, FinalStatus(generation), new(TextPart(generation.Text)));
        }

        for (var index = 0; index < generation.ToolCalls.Count; index++)
        {
            yield return ToolCall(generation, index, "completed", generation.ToolCalls[index].ArgumentsJson);
        }
    }
}
