using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads the <c>usage</c> object of OpenAI's wire formats (chat completions, responses, embeddings), which others speak too.</summary>
/// <remarks>Input includes what was cached, written to a cache, or audio. Output includes reasoning, except where the vendor says otherwise.</remarks>
internal static class OpenAIUsage
{
    /// <summary>The counts in disjoint categories.</summary>
    /// <param name="usage">The object.</param>
    /// <param name="reasoning">Whether reasoning is part of the output.</param>
    /// <returns>The usage, or null when the object does not tell input and output: the cost is unknown then.</returns>
    public static Usage? Read(JsonElement usage, ReasoningPlace reasoning = ReasoningPlace.Within)
    {
        if (usage.ValueKind != JsonValueKind.Object || UsageJson.HasUnreadableCount(usage) || Input(usage) is not { } input)
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
        var outputDetails = UsageJson.Object(usage, "completion_tokens_details") ?? UsageJson.Object(usage, "output_tokens_details");
        return new OverlappingCounts
        {
            Input = input,
            CachedInput = UsageJson.Count(inputDetails, "cached_tokens") ?? 0,
            CacheWrite = UsageJson.Count(inputDetails, "cache_write_tokens") ?? 0,
            AudioInput = UsageJson.Count(inputDetails, "audio_tokens") ?? 0,
            Output = counted,
            ReasoningOutput = UsageJson.Count(outputDetails, "reasoning_tokens") ?? 0,
            AudioOutput = UsageJson.Count(outputDetails, "audio_tokens") ?? 0,
            Total = total,
            Reasoning = reasoning,
        }.ToUsage();
    }

    /// <summary>The usage of a call that has input only.</summary>
    /// <param name="usage">The object.</param>
    /// <returns>The usage, or null when the object does not tell the input: the cost is unknown then.</returns>
    public static Usage? ReadEmbeddings(JsonElement usage) => usage.ValueKind != JsonValueKind.Object || UsageJson.HasUnreadableCount(usage)
        ? null
        : OverlappingCounts.OfInput(Input(usage), UsageJson.Count(usage, "total_tokens"));

    private static long? Input(JsonElement usage) => UsageJson.Count(usage, "prompt_tokens") ?? UsageJson.Count(usage, "input_tokens");
}
