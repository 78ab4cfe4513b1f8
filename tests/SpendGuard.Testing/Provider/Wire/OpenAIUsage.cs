using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire;

/// <summary>Usage as the OpenAI-shaped endpoints report it.</summary>
internal static class OpenAIUsage
{
    // A dollar is 1e8 microcents and 1e10 ticks.
    private const long TicksPerMicrocent = 100;

    public static JsonObject? Chat(Generation generation, Vendor vendor)
    {
        if (generation.Reported is not { } usage)
        {
            return null;
        }

        var completion = vendor == Vendor.Grok ? usage.VisibleOutputTokens : usage.OutputTokens;
        var json = new JsonObject
        {
            ["prompt_tokens"] = usage.InputTokens,
            ["completion_tokens"] = completion,
            ["total_tokens"] = usage.InputTokens + usage.OutputTokens,
            ["prompt_tokens_details"] = InputDetails(usage),
            ["completion_tokens_details"] = new JsonObject
            {
                ["reasoning_tokens"] = usage.ReasoningTokens,
                ["audio_tokens"] = 0,
                ["accepted_prediction_tokens"] = 0,
                ["rejected_prediction_tokens"] = 0,
            },
        };
        return AddTicks(json, generation, usage, vendor);
    }

    public static JsonObject? Responses(Generation generation, Vendor vendor)
    {
        if (generation.Reported is not { } usage)
        {
            return null;
        }

        var json = new JsonObject
        {
            ["input_tokens"] = usage.InputTokens,
            ["input_tokens_details"] = InputDetails(usage),
            ["output_tokens"] = usage.OutputTokens,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.ReasoningTokens },
            ["total_tokens"] = usage.InputTokens + usage.OutputTokens,
        };
        return AddTicks(json, generation, usage, vendor);
    }

    private static JsonObject InputDetails(SimulatedUsage usage)
    {
        var details = new JsonObject { ["cached_tokens"] = usage.CachedInputTokens };
        if (usage.CacheWriteTokens > 0)
        {
            details["cache_write_tokens"] = usage.CacheWriteTokens;
        }

        return details;
    }

    private static JsonObject AddTicks(JsonObject json, Generation generation, SimulatedUsage usage, Vendor vendor)
    {
        if (vendor == Vendor.Grok)
        {
            json["cost_in_usd_ticks"] = generation.Price.Charge(usage) * TicksPerMicrocent;
        }

        return json;
    }
}
