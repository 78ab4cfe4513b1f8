using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;

namespace SpendGuard.Testing.Provider.Wire.Anthropic;

/// <summary>An Anthropic message and its parts.</summary>
internal static class MessagesJson
{
    public static string StopReason(Generation generation) =>
        generation.Truncated ? "max_tokens" : generation.ToolCalls.Count > 0 ? "tool_use" : "end_turn";

    public static JsonObject Message(Generation generation, JsonArray content, string? stopReason) => new()
    {
        ["id"] = $"msg_{generation.Request.CallId}",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = generation.Model,
        ["content"] = content,
        ["stop_reason"] = stopReason,
        ["stop_sequence"] = null,
    };

    public static IEnumerable<JsonNode> Blocks(Generation generation)
    {
        if (generation.Thoughts is not null && MessagesConversation.WantsThoughts(generation.Request.Body))
        {
            yield return Thinking(ShownThoughts(generation), generation.Seal);
        }

        if (generation.TextPieces.Count > 0)
        {
            yield return TextBlock(generation.Text);
        }

        for (var index = 0; index < generation.ToolCalls.Count; index++)
        {
            yield return ToolUse(generation, index, JsonNode.Parse(generation.ToolCalls[index].ArgumentsJson));
        }
    }

    /// <summary>Thoughts may be left out for a client that does not want to see them; their seal never is.</summary>
    public static string ShownThoughts(Generation generation) =>
        (generation.Request.Body["thinking"] as JsonObject)?["display"].Text() == "omitted" ? "" : generation.Thoughts!;

    public static JsonObject Thinking(string text, string signature) =>
        new() { ["type"] = "thinking", ["thinking"] = text, ["signature"] = signature };

    public static JsonObject TextBlock(string text) => new() { ["type"] = "text", ["text"] = text };

    public static JsonObject ToolUse(Generation generation, int index, JsonNode? input) => new()
    {
        ["type"] = "tool_use",
        ["id"] = "toolu_" + generation.ToolCallId(index),
        ["name"] = generation.ToolCalls[index].Name,
        ["input"] = input,
    };

    // Here, unlike elsewhere, input_tokens leaves out what was written to the cache or read from it.
    public static JsonObject Usage(Generation generation, SimulatedUsage usage, long outputTokens)
    {
        var json = new JsonObject
        {
            ["input_tokens"] = usage.PlainInputTokens,
            ["cache_creation_input_tokens"] = usage.CacheWriteTokens + usage.CacheWriteOneHourTokens,
            ["cache_read_input_tokens"] = usage.CachedInputTokens,
            ["cache_creation"] = generation.Quirks.HasFlag(UsageQuirks.NoCacheLife) ? null : new JsonObject
            {
                ["ephemeral_5m_input_tokens"] = usage.CacheWriteTokens,
                ["ephemeral_1h_input_tokens"] = usage.CacheWriteOneHourTokens,
            }.Quirked(generation.Quirks),
            ["output_tokens"] = outputTokens,
            ["server_tool_use"] = usage.Searches == 0 ? null : new JsonObject { ["web_search_requests"] = usage.Searches, ["web_fetch_requests"] = 0 },
        };
        json.Quirked(generation.Quirks, "input_tokens", "output_tokens");
        json["service_tier"] = "standard";
        if (generation.Tiers.Contains("fast"))
        {
            json["speed"] = "fast";
        }

        if (generation.Tiers.Contains("us"))
        {
            json["inference_geo"] = "us";
        }

        return json;
    }
}
