using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire;

/// <summary>A Gemini answer and its parts.</summary>
internal static class GeminiJson
{
    public static string FinishReason(Generation generation) => generation.Truncated ? "MAX_TOKENS" : "STOP";

    public static JsonObject Text(string text) => new() { ["text"] = text };

    public static JsonObject FunctionCall(SimulatedToolCall call) => new()
    {
        ["functionCall"] = new JsonObject { ["name"] = call.Name, ["args"] = JsonNode.Parse(call.ArgumentsJson) },
    };

    public static JsonObject Candidate(int index, IEnumerable<JsonObject> parts, string? finishReason)
    {
        var candidate = new JsonObject
        {
            ["content"] = new JsonObject { ["role"] = "model", ["parts"] = new JsonArray([.. parts]) },
            ["index"] = index,
        };
        if (finishReason is not null)
        {
            candidate["finishReason"] = finishReason;
        }

        return candidate;
    }

    public static JsonObject Envelope(Generation generation, IEnumerable<JsonObject> candidates, SimulatedUsage? usage)
    {
        var answer = new JsonObject
        {
            ["candidates"] = new JsonArray([.. candidates]),
            ["modelVersion"] = generation.Model,
            ["responseId"] = $"gemini-{generation.Request.CallId}",
        };
        if (usage is not null)
        {
            answer["usageMetadata"] = Usage(usage);
        }

        return answer;
    }

    public static JsonObject Error(int status, string message) => new()
    {
        ["error"] = new JsonObject
        {
            ["code"] = status,
            ["message"] = message,
            ["status"] = status switch
            {
                400 => "INVALID_ARGUMENT",
                401 => "UNAUTHENTICATED",
                404 => "NOT_FOUND",
                429 => "RESOURCE_EXHAUSTED",
                503 => "UNAVAILABLE",
                _ => "INTERNAL",
            },
        },
    };

    // As protobuf JSON does, fields of zero are left out, but for the two every answer has.
    private static JsonObject Usage(SimulatedUsage usage)
    {
        var json = new JsonObject
        {
            ["promptTokenCount"] = usage.InputTokens,
            ["candidatesTokenCount"] = usage.VisibleOutputTokens,
            ["totalTokenCount"] = usage.InputTokens + usage.OutputTokens,
            ["promptTokensDetails"] = new JsonArray(new JsonObject { ["modality"] = "TEXT", ["tokenCount"] = usage.InputTokens }),
        };
        if (usage.CachedInputTokens > 0)
        {
            json["cachedContentTokenCount"] = usage.CachedInputTokens;
        }

        if (usage.ReasoningTokens > 0)
        {
            json["thoughtsTokenCount"] = usage.ReasoningTokens;
        }

        return json;
    }
}
