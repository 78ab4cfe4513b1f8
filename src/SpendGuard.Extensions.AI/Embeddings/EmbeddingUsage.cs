using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Providers.Counts;

namespace SpendGuard.Extensions.AI;

/// <summary>Reads the counts of calls that have input only.</summary>
internal static class EmbeddingUsage
{
    private static readonly CountRules InputOnly = new() { InputOnly = true };

    /// <summary>What the counts say of the cost.</summary>
    /// <param name="details">The counts; null where none are told.</param>
    public static ProviderReport Read(UsageDetails? details)
    {
        if (details is null)
        {
            return new ProviderReport();
        }

        var told = new ToldCounts();
        told.Tell("input_tokens", details.InputTokenCount);
        told.Tell("total_tokens", details.TotalTokenCount);
        foreach (var (name, count) in details.AdditionalCounts ?? [])
        {
            told.Tell(name, count);
        }

        return told.Report(InputOnly);
    }
}
