using SpendGuard.Billing;
using SpendGuard.Budgets;

namespace SpendGuard.Calls.Counts;

/// <summary>What a bill says of tokens, for the ledger.</summary>
internal static class CountedTokens
{
    /// <summary>More than any call has: what goes beyond it is no count, and must not keep the call from being settled.</summary>
    private const long MostOfAKind = 1_000_000_000_000_000;

    /// <summary>The tokens by kind; null where the bill knows of none, as where only the cost was stated.</summary>
    public static TokenCounts? Of(Usage usage)
    {
        long[] counts =
        [
            usage.Input, usage.AudioInput, usage.CachedInput, usage.CacheWrite, usage.LongCacheWrite, usage.Output, usage.AudioOutput, usage.ReasoningOutput,
        ];
        return counts.All(static count => count == 0) || counts.Any(static count => count is < 0 or > MostOfAKind)
            ? null
            : new TokenCounts(
                usage.Input + usage.AudioInput, usage.CachedInput, usage.CacheWrite + usage.LongCacheWrite, usage.Output + usage.AudioOutput, usage.ReasoningOutput);
    }
}
