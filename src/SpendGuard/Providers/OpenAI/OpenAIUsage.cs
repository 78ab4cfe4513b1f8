using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads the <c>usage</c> object of OpenAI's wire formats (chat completions, responses, embeddings), which xAI speaks too.</summary>
/// <remarks>
/// Input includes what was cached, written to a cache, or audio. Output includes reasoning, except at xAI's chat completions, where
/// the total tells. Where counts contradict each other, the dearer reading is taken, and <see cref="Usage.Mismatch"/> says so.
/// </remarks>
public static class OpenAIUsage
{
    /// <summary>There are ten billion ticks in a dollar.</summary>
    private const long TicksPerMicrocent = 100;

    /// <summary>Takes the counts apart into disjoint categories.</summary>
    /// <param name="usage">The object.</param>
    /// <param name="reasoningBeside">Whether reasoning stands beside the output where no total tells, as at xAI.</param>
    /// <returns>The usage, or null when the object does not tell input and output: the cost is unknown then.</returns>
    public static Usage? Read(JsonElement usage, bool reasoningBeside = false)
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
        var apart = cached + written + audioInput;

        var outputDetails = UsageJson.Object(usage, "completion_tokens_details") ?? UsageJson.Object(usage, "output_tokens_details");
        var reasoning = UsageJson.Count(outputDetails, "reasoning_tokens") ?? 0;
        var audioOutput = UsageJson.Count(outputDetails, "audio_tokens") ?? 0;
        var all = AllOutput(counted, reasoning, audioOutput, total - input, reasoningBeside);
        return new Usage
        {
            // What is more than the whole can only be beside it.
            Input = apart <= input ? input - apart : input,
            CachedInput = cached,
            CacheWrite = written,
            AudioInput = audioInput,
            Output = all.Output - reasoning - audioOutput,
            ReasoningOutput = reasoning,
            AudioOutput = audioOutput,
            Mismatch = apart > input ? $"of {input} input tokens, {cached} are cached, {written} written to a cache and {audioInput} audio"
                : all.AddsUp ? null
                : $"{input} input tokens and {counted} output tokens ({reasoning} reasoning, {audioOutput} audio) do not come to a total of {total}",
        };
    }

    /// <summary>Reads the usage of a whole answer, with calls of hosted tools: they are not in its <c>usage</c>, but items of its output.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="reasoningBeside">Whether reasoning stands beside the output where no total tells, as at xAI.</param>
    /// <returns>The usage, or null when the answer does not tell input and output: the cost is unknown then.</returns>
    public static Usage? ReadAnswer(JsonElement answer, bool reasoningBeside = false)
    {
        if (answer.ValueKind != JsonValueKind.Object || UsageJson.Object(answer, "usage") is not { } counted || Read(counted, reasoningBeside) is not { } usage)
        {
            return null;
        }

        return answer.TryGetProperty("output", out var output) && output.ValueKind == JsonValueKind.Array
            ? usage with { WebSearches = Items(output, "web_search_call"), FileSearches = Items(output, "file_search_call") }
            : usage;
    }

    /// <summary>Reads the usage of a call that has input only.</summary>
    /// <param name="usage">The object.</param>
    /// <returns>The usage, or null when the object does not tell the input: the cost is unknown then.</returns>
    public static Usage? ReadEmbeddings(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object || UsageJson.HasUnreadableCount(usage))
        {
            return null;
        }

        var input = UsageJson.Count(usage, "prompt_tokens") ?? UsageJson.Count(usage, "input_tokens");
        var total = UsageJson.Count(usage, "total_tokens");
        return (input ?? total) is not { } counted ? null : new Usage
        {
            Input = Math.Max(counted, total ?? 0),
            Mismatch = (total ?? counted) == counted ? null : $"{counted} input tokens do not come to a total of {total}",
        };
    }

    /// <summary>What xAI says that it charges, discounts and fees of hosted tools included.</summary>
    /// <param name="usage">The object.</param>
    /// <returns>The cost, a fraction of a microcent rounded up; null when it is not stated. Nothing at all is not a statement.</returns>
    public static Money? StatedCost(JsonElement usage) =>
        usage.ValueKind == JsonValueKind.Object && UsageJson.Count(usage, "cost_in_usd_ticks") is { } ticks and > 0
            ? Money.FromMicrocents(1 + ((ticks - 1) / TicksPerMicrocent))
            : null;

    private static int Items(JsonElement output, string type) =>
        output.EnumerateArray().Count(item => UsageJson.Text(item, "type") == type);

    /// <summary>All output by the dearest reading that the counts allow.</summary>
    /// <param name="counted">The output as it is counted, which reasoning may be part of or not.</param>
    /// <param name="reasoning">The reasoning.</param>
    /// <param name="audio">The audio.</param>
    /// <param name="byTotal">The output that the total leaves; null where there is none.</param>
    /// <param name="reasoningBeside">Whether reasoning is beside the output where no total tells.</param>
    private static (long Output, bool AddsUp) AllOutput(long counted, long reasoning, long audio, long? byTotal, bool reasoningBeside)
    {
        var beside = counted + reasoning;
        if (byTotal is { } left && (left == beside || (left == counted && reasoning + audio <= counted)))
        {
            return (Math.Max(left, reasoning + audio), AddsUp: reasoning + audio <= left);
        }

        var isWithin = !reasoningBeside && reasoning + audio <= counted;
        var output = isWithin ? counted : beside + (audio <= counted ? 0 : audio);
        return (Math.Max(output, byTotal ?? 0), AddsUp: byTotal is null && (isWithin || (reasoningBeside && audio <= counted)));
    }
}
