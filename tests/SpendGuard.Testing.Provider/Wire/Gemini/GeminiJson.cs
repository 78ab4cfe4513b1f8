using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;

namespace SpendGuard.Testing.Provider.Wire.Gemini;

/// <summary>A Gemini answer and its parts.</summary>
internal static class GeminiJson
{
    public static string FinishReason(Generation generation) => generation.Truncated ? "MAX_TOKENS" : "STOP";

    public static JsonObject Text(string text) => new() { ["text"] = text };

    public static JsonObject FunctionCall(SimulatedToolCall call, string? seal)
    {
        var part = new JsonObject
        {
            ["functionCall"] = new JsonObject { ["name"] = call.Name, ["args"] = JsonNode.Parse(call.ArgumentsJson) },
        };
        if (seal is not null)
        {
            part["thoughtSignature"] = seal;
        }

        return part;
    }

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

    /// <summary>A candidate with the queries that grounded it.</summary>
    public static JsonObject Grounded(JsonObject candidate, long queries)
    {
        if (queries > 0)
        {
            candidate["groundingMetadata"] = new JsonObject
            {
                ["webSearchQueries"] = new JsonArray([.. Enumerable.Range(0, (int)queries).Select(JsonNode (query) => $"query {query}")]),
            };
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
            answer["usageMetadata"] = Usage(generation, usage);
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
    private static JsonObject Usage(Generation generation, SimulatedUsage usage)
    {
        var prompt = usage.InputTokens - usage.ToolUseTokens;
        var json = new JsonObject
        {
            ["promptTokenCount"] = prompt,
            ["candidatesTokenCount"] = usage.VisibleOutputTokens,
            ["totalTokenCount"] = usage.InputTokens + usage.OutputTokens,
            ["promptTokensDetails"] = Modalities(("TEXT", prompt - usage.AudioInputTokens), ("AUDIO", usage.AudioInputTokens)),
            ["cachedContentTokenCount"] = usage.CachedInputTokens,
            ["toolUsePromptTokenCount"] = usage.ToolUseTokens,
            ["thoughtsTokenCount"] = usage.ReasoningTokens,
        };
        if (generation.Tiers is [var tier])
        {
            json["serviceTier"] = tier;
        }
        else if (GeminiRequest.Either(generation.Request.Body, "serviceTier", "service_tier") is not null)
        {
            json["serviceTier"] = "standard";
        }

        if (generation.Quirks.HasFlag(UsageQuirks.NoTotal))
        {
            json.Remove("totalTokenCount");
        }

        // Where there is a total, even candidates of zero may be left out.
        return json.Quirked(
            generation.Quirks == UsageQuirks.NullForZero ? UsageQuirks.NullForZero : UsageQuirks.NothingForZero,
            "promptTokenCount",
            generation.Quirks.HasFlag(UsageQuirks.NothingForZero) && !generation.Quirks.HasFlag(UsageQuirks.NoTotal) ? "" : "candidatesTokenCount");
    }

    private static JsonArray Modalities(params IEnumerable<(string Name, long Tokens)> counts) => new(
    [
        .. counts.Where(count => count.Tokens > 0).Select(JsonNode (count) => new JsonObject { ["modality"] = count.Name, ["tokenCount"] = count.Tokens }),
    ]);
}
