using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>Usage as the OpenAI-shaped endpoints report it.</summary>
internal static class OpenAIUsage
{
    // A dollar is 1e8 microcents and 1e10 ticks.
    private const long TicksPerMicrocent = 100;

    public static JsonObject? Chat(Generation generation, Vendor vendor) =>
        generation.Reported is { } usage ? Chat(generation, usage, vendor) : null;

    public static JsonObject Chat(Generation generation, SimulatedUsage usage, Vendor vendor)
    {
        if (vendor == Vendor.Google)
        {
            return Finished(
                new JsonObject
                {
                    ["prompt_tokens"] = usage.InputTokens,
                    ["completion_tokens"] = usage.VisibleOutputTokens,
                    ["total_tokens"] = usage.InputTokens + usage.OutputTokens,
                },
                generation,
                usage,
                vendor);
        }

        var json = new JsonObject
        {
            ["prompt_tokens"] = usage.InputTokens,
            ["completion_tokens"] = vendor == Vendor.Grok ? usage.VisibleOutputTokens : usage.OutputTokens,
            ["total_tokens"] = usage.InputTokens + usage.OutputTokens,
            ["prompt_tokens_details"] = InputDetails(generation, usage),
            ["completion_tokens_details"] = new JsonObject
            {
                ["reasoning_tokens"] = usage.ReasoningTokens,
                ["audio_tokens"] = usage.AudioOutputTokens,
                ["accepted_prediction_tokens"] = 0,
                ["rejected_prediction_tokens"] = 0,
            }.Quirked(generation.Quirks),
        };
        return Finished(json, generation, usage, vendor);
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
            ["input_tokens_details"] = InputDetails(generation, usage),
            ["output_tokens"] = usage.OutputTokens,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.ReasoningTokens }.Quirked(generation.Quirks),
            ["total_tokens"] = usage.InputTokens + usage.OutputTokens,
        };
        return Finished(json, generation, usage, vendor);
    }

    private static JsonObject InputDetails(Generation generation, SimulatedUsage usage)
    {
        var details = new JsonObject { ["cached_tokens"] = usage.CachedInputTokens };
        if (usage.CacheWriteTokens > 0)
        {
            details["cache_write_tokens"] = usage.CacheWriteTokens;
        }

        if (usage.AudioInputTokens > 0)
        {
            details["audio_tokens"] = usage.AudioInputTokens;
        }

        return details.Quirked(generation.Quirks);
    }

    private static JsonObject Finished(JsonObject json, Generation generation, SimulatedUsage usage, Vendor vendor)
    {
        if (generation.Quirks.HasFlag(UsageQuirks.NoTotal))
        {
            json.Remove("total_tokens");
        }

        json.Quirked(generation.Quirks, "prompt_tokens", "completion_tokens", "input_tokens", "output_tokens", "total_tokens");
        if (vendor == Vendor.Grok && !generation.Quirks.HasFlag(UsageQuirks.NoCharge))
        {
            json["cost_in_usd_ticks"] = generation.Charge(usage) * TicksPerMicrocent;
        }

        return json;
    }
}
