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
    public static ProviderReport Read(UsageDetails? details) =>
        details is null ? new ProviderReport() : AdapterCounts.Of(details).Report(InputOnly);
}
