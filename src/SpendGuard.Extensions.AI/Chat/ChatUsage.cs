using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>Takes the counts of <see cref="UsageDetails"/> apart; each adapter fills them in its own way.</summary>
internal static class ChatUsage
{
    /// <summary>What the counts say of the cost.</summary>
    /// <param name="details">The counts.</param>
    /// <param name="call">The call that they are of.</param>
    /// <param name="searches">How many web searches the answer shows.</param>
    /// <param name="hasOutput">Whether the answer has something in it.</param>
    public static ProviderReport Read(UsageDetails? details, ModelCall call, long searches = 0, bool hasOutput = false)
    {
        if (details is null)
        {
            return new ProviderReport();
        }

        // No adapter tells how long a cache entry lives; if the call may have asked for the long life, it is charged.
        var counting = Vendor.Of(call.Model.Provider).Counting;
        var report = AdapterCounts.Of(details).Report(counting with
        {
            LongCacheWrites = call.Shape.LongCacheWrites,
            HasOutput = hasOutput,

            // Adapters may leave a total out that is none; but where reasoning is beside the output, nothing else tells that there was any.
            AlwaysTellsTotal = counting.Reasoning != ReasoningPlace.Within && details.ReasoningTokenCount is null,
        });
        return report with
        {
            Usage = report.Usage is { } usage ? usage with { WebSearches = Math.Max(searches, usage.WebSearches) } : null,
            Incomplete = report.Incomplete ?? (details.OutputTokenCount is null ? "the adapter did not tell the output" : null),
        };
    }
}
