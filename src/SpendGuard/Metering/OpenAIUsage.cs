using System.Text.Json;

namespace SpendGuard.Metering;

/// <summary>Reads the <c>usage</c> object of OpenAI's wire formats (chat completions, responses, embeddings), which xAI speaks too.</summary>
/// <remarks>
/// Input includes what was cached, written to a cache, or audio. Output includes reasoning, except at xAI's chat completions, where
/// the total tells. Where counts contradict each other, the dearer reading is taken.
/// </remarks>
public static class OpenAIUsage
{
    /// <summary>Takes the counts apart into disjoint categories.</summary>
    /// <param name="usage">The object.</param>
    /// <returns>The usage, or null when the object does not tell input and output: the cost is unknown then.</returns>
    public static Usage? Read(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object
            || (Count(usage, "prompt_tokens") ?? Count(usage, "input_tokens")) is not { } input)
        {
            return null;
        }

        var total = Count(usage, "total_tokens");
        var output = Count(usage, "completion_tokens") ?? Count(usage, "output_tokens");
        if ((output ?? total - input) is not { } counted)
        {
            return null;
        }

        var inputDetails = Details(usage, "prompt_tokens_details") ?? Details(usage, "input_tokens_details");
        var cached = Count(inputDetails, "cached_tokens") ?? 0;
        var written = Count(inputDetails, "cache_write_tokens") ?? 0;
        var audioInput = Count(inputDetails, "audio_tokens") ?? 0;

        var outputDetails = Details(usage, "completion_tokens_details") ?? Details(usage, "output_tokens_details");
        var reasoning = Count(outputDetails, "reasoning_tokens") ?? 0;
        var audioOutput = Count(outputDetails, "audio_tokens") ?? 0;
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
        usage.ValueKind == JsonValueKind.Object && Count(usage, "cost_in_usd_ticks") is { } ticks and > 0
            ? Money.FromMicrocents(1 + ((ticks - 1) / TicksPerMicrocent))
            : null;

    private static JsonElement? Details(JsonElement usage, string name) =>
        usage.TryGetProperty(name, out var details) && details.ValueKind == JsonValueKind.Object ? details : null;

    /// <summary>A count that is a whole number within reason; anything else counts as not told.</summary>
    private static long? Count(JsonElement? parent, string name) =>
        parent is { } element
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var count)
        && count is >= 0 and <= MaxCount
            ? count
            : null;

    /// <summary>Far beyond any real count, and small enough that sums of counts do not overflow.</summary>
    private const long MaxCount = 1L << 48;

    /// <summary>There are ten billion ticks in a dollar.</summary>
    private const long TicksPerMicrocent = 100;
}
