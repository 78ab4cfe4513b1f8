using Microsoft.Extensions.AI;
using SpendGuard.Metering;

namespace SpendGuard.Extensions.AI;

/// <summary>Takes the counts of <see cref="UsageDetails"/> apart; each adapter fills them in its own way.</summary>
internal static class ChatUsage
{
    /// <summary>The usage in disjoint categories, or null when input or output are not told.</summary>
    public static Usage? Read(UsageDetails? details, ModelCall call)
    {
        if (details is not { InputTokenCount: >= 0 and var input, OutputTokenCount: >= 0 and var output })
        {
            return null;
        }

        var cached = details.CachedInputTokenCount ?? 0;
        var written = Additional(details, "CacheCreationInputTokens");
        var audioInput = Additional(details, "InputTokenDetails.AudioTokenCount");
        var audioOutput = Additional(details, "OutputTokenDetails.AudioTokenCount");
        var reasoning = details.ReasoningTokenCount ?? 0;

        // Where the total says more than input and output do, the rest is output that was left out, as Google's adapter leaves out
        // thoughts; some of it may be tool prompts, which cost less.
        var allOutput = Math.Max(output, (details.TotalTokenCount ?? 0) - input);
        if (call.Model.Provider is "gemini")
        {
            allOutput = Math.Max(allOutput, output + reasoning);
        }

        // The adapter does not tell how long a cache entry lives; if the call may have asked for the long life, it is charged.
        return new Usage
        {
            Input = Math.Max(0, input - cached - written - audioInput),
            CachedInput = cached,
            CacheWrite = call.Shape.LongCacheWrites ? 0 : written,
            LongCacheWrite = call.Shape.LongCacheWrites ? written : 0,
            AudioInput = audioInput,
            Output = Math.Max(0, allOutput - reasoning - audioOutput),
            ReasoningOutput = reasoning,
            AudioOutput = audioOutput,
            WebSearches = Additional(details, "WebSearchRequests"),
        };
    }

    private static long Additional(UsageDetails details, string name) =>
        details.AdditionalCounts?.TryGetValue(name, out var count) == true ? Math.Max(0, count) : 0;
}
