using Microsoft.Extensions.AI;
using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>Takes the counts of <see cref="UsageDetails"/> apart; each adapter fills them in its own way.</summary>
internal static class ChatUsage
{
    /// <summary>The usage in disjoint categories, or null when input or output are not told. Where counts contradict each other, the dearer reading is taken.</summary>
    /// <param name="details">The counts.</param>
    /// <param name="call">The call that they are of.</param>
    /// <param name="searches">How many web searches the answer shows.</param>
    public static Usage? Read(UsageDetails? details, ModelCall call, long searches = 0)
    {
        if (details is not { InputTokenCount: >= 0 and var input, OutputTokenCount: >= 0 and var output })
        {
            return null;
        }

        var cached = Math.Max(0, details.CachedInputTokenCount ?? 0);
        var written = Additional(details, "CacheCreationInputTokens");
        var audioInput = Additional(details, "InputTokenDetails.AudioTokenCount");
        var audioOutput = Additional(details, "OutputTokenDetails.AudioTokenCount");
        var reasoning = Math.Max(0, details.ReasoningTokenCount ?? 0);

        // Google's adapter leaves what hosted tools brought in out of the input.
        var toolInput = Additional(details, "ToolUsePromptTokenCount");
        var apart = cached + written + audioInput;
        var byTotal = details.TotalTokenCount - input - toolInput;
        var (allOutput, addsUp) = AllOutput(output, reasoning, audioOutput, byTotal, IsReasoningBeside(call));

        // The adapter does not tell how long a cache entry lives; if the call may have asked for the long life, it is charged.
        return new Usage
        {
            // What is more than the whole can only be beside it.
            Input = (apart <= input ? input - apart : input) + toolInput,
            CachedInput = cached,
            CacheWrite = call.Shape.LongCacheWrites ? 0 : written,
            LongCacheWrite = call.Shape.LongCacheWrites ? written : 0,
            AudioInput = audioInput,
            Output = allOutput - reasoning - audioOutput,
            ReasoningOutput = reasoning,
            AudioOutput = audioOutput,
            WebSearches = Math.Max(searches, Additional(details, "WebSearchRequests")),
            Mismatch = apart > input ? $"of {input} input tokens, {cached} are cached, {written} written to a cache and {audioInput} audio"
                : addsUp ? null
                : $"{input} input, {toolInput} tool, {output} output and {reasoning} reasoning tokens do not come to a total of {details.TotalTokenCount}",
        };
    }

    /// <summary>Google's adapter and xAI leave reasoning out of the output, the others do not.</summary>
    private static bool IsReasoningBeside(ModelCall call) => call.Model.Provider is "gemini" or "grok";

    private static (long Output, bool AddsUp) AllOutput(long output, long reasoning, long audio, long? byTotal, bool reasoningBeside)
    {
        var within = Math.Max(output, reasoning + audio);
        var beside = Math.Max(output, audio) + reasoning;
        return byTotal is { } left && (left == beside || left == within)
            ? (left, true)
            : (Math.Max(reasoningBeside ? beside : within, byTotal ?? 0), byTotal is null);
    }

    private static long Additional(UsageDetails details, string name) =>
        details.AdditionalCounts?.TryGetValue(name, out var count) == true ? Math.Max(0, count) : 0;
}
