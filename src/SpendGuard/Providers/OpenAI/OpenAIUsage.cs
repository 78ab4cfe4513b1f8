using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Counts;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads the <c>usage</c> object of OpenAI's wire formats (chat completions, responses, embeddings), which others speak too.</summary>
/// <remarks>Input includes what was cached, written to a cache, or audio. Output includes reasoning, except where the vendor says otherwise.</remarks>
internal static class OpenAIUsage
{
    private static readonly CountRules InputOnly = new() { InputOnly = true };

    /// <summary>What the counts say of the cost, at a vendor that may bill what it states.</summary>
    /// <param name="told">The counts.</param>
    /// <param name="vendor">Who bills for it.</param>
    /// <param name="hasOutput">Whether the answer is known to have something in it.</param>
    public static ProviderReport Read(ToldCounts told, Vendor vendor, bool hasOutput = false)
    {
        var report = told.Report(vendor.Counting with { HasOutput = hasOutput });
        return vendor.BillsWhatItStates && told.Ticks is { } stated
            ? report with { StatedCost = stated, LeastCost = null, Incomplete = null }
            : report;
    }

    /// <summary>The usage of a call that has input only.</summary>
    /// <param name="usage">The object.</param>
    public static ProviderReport ReadEmbeddings(JsonElement usage) => ToldCounts.Read(usage).Report(InputOnly);
}
