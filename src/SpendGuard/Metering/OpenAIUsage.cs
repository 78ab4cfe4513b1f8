using System.Text.Json;

namespace SpendGuard.Metering;

/// <summary>Reads the <c>usage</c> object of OpenAI's wire formats (chat completions, responses, embeddings), which xAI speaks too.</summary>
/// <remarks>
/// Input includes what was cached, written to a cache, or audio. Output includes reasoning, except at xAI's chat completions, where
/// the total tells. Where counts contradict each other, the dearer reading is taken.
/// </remarks>
public static class OpenAIUsage
{
    /// <summary>There are ten billion ticks in a dollar.</summary>
    private const long TicksPerMicrocent = 100;

    /// <summary>Takes the counts apart into disjoint categories.</summary>
    /// <param name="usage">The object.</param>
    /// <returns>The usage, or null when the object does not tell input and output: the cost is unknown then.</returns>
    public static Usage? Read(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object
            || UsageJson.HasUnreadableCount(usage)
            || (UsageJson.Count(usage, "prompt_tokens") ?? UsageJson.Count(usage, "input_tokens")) is not { } input)
        {
            return null;
        }

        var total = UsageJson.Count(usage, "total_tokens");
        var output = UsageJson.Count(usage, "completion_tokens") ?? UsageJson.Count(usage, "output_tokens");
        if ((output ?? total - input) is not (>= 0 and { } counted))
        {
            return null;
        }

        var inputDetails = UsageJson.Object(usage, "prompt_tokens_details") ?? UsageJson.Object(usage, "input_tokens_details");
        var cached = UsageJson.Count(inputDetails, "cached_tokens") ?? 0;
        var written = UsageJson.Count(inputDetails, "cache_write_tokens") ?? 0;
        var audioInput = UsageJson.Count(inputDetails, "audio_tokens") ?? 0;

        var outputDetails = UsageJson.Object(usage, "completion_tokens_details") ?? UsageJson.Object(usage, "output_tokens_details");
        var reasoning = UsageJson.Count(outputDetails, "reasoning_tokens") ?? 0;
        var audioOutput = UsageJson.Count(outputDetails, "audio_tokens") ?? 0;
        var allOutput = Math.Max(Math.Max(counted, total - input ?? 0), reasoning + audioOutput);

        return new Usage
        {
            Input = Math.Max(0, input - cached - written - audioInput),
            CachedInput = cached,
            CacheWrite = written,
            AudioInput = audioInput,
            Output = allOutput - reasoning - audioOutput,
            ReasoningOutput = reasoning,
            AudioOutput = audioOutput,
        };
    }

    /// <summary>What xAI says that it charges, discounts and fees of hosted tools included.</summary>
    /// <param name="usage">The object.</param>
    /// <returns>The cost, a fraction of a microcent rounded up; null when it is not stated. Nothing at all is not a statement.</returns>
    public static Money? StatedCost(JsonElement usage) =>
        usage.ValueKind == JsonValueKind.Object && UsageJson.Count(usage, "cost_in_usd_ticks") is { } ticks and > 0
            ? Money.FromMicrocents(1 + ((ticks - 1) / TicksPerMicrocent))
            : null;
}
