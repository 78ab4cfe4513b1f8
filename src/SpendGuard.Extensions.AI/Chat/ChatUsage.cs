using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>Takes the counts of <see cref="UsageDetails"/> apart; each adapter fills them in its own way.</summary>
internal static class ChatUsage
{
    /// <summary>The usage in disjoint categories, or null when input or output are not told.</summary>
    /// <param name="details">The counts.</param>
    /// <param name="call">The call that they are of.</param>
    /// <param name="searches">How many web searches the answer shows.</param>
    public static Usage? Read(UsageDetails? details, ModelCall call, long searches = 0)
    {
        if (details is not { InputTokenCount: { } input, OutputTokenCount: { } output })
        {
            return null;
        }

        // No adapter tells how long a cache entry lives; if the call may have asked for the long life, it is charged.
        var written = Additional(details, "CacheCreationInputTokens");
        var usage = new OverlappingCounts
        {
            Input = input,
            CachedInput = details.CachedInputTokenCount ?? 0,
            CacheWrite = call.Shape.LongCacheWrites ? 0 : written,
            LongCacheWrite = call.Shape.LongCacheWrites ? written : 0,
            AudioInput = Additional(details, "InputTokenDetails.AudioTokenCount"),

            // Some leave what hosted tools brought in out of the input.
            InputBeside = Additional(details, "ToolUsePromptTokenCount"),
            Output = output,
            ReasoningOutput = details.ReasoningTokenCount ?? 0,
            AudioOutput = Additional(details, "OutputTokenDetails.AudioTokenCount"),
            Total = details.TotalTokenCount,
            Reasoning = Vendor.Of(call.Model.Provider).Reasoning,
        }.ToUsage();
        return usage is null ? null : usage with { WebSearches = Math.Max(searches, Additional(details, "WebSearchRequests")) };
    }

    private static long Additional(UsageDetails details, string name) =>
        details.AdditionalCounts?.TryGetValue(name, out var count) == true ? count : 0;
}
