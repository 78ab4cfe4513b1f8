using SpendGuard.Billing;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>What a batch that has ended came to, by its provider's word.</summary>
/// <param name="Succeeded">How many of its requests were answered.</param>
/// <param name="Counted">What was counted for all of it; null where that is not told.</param>
internal sealed record BatchEnd(int Succeeded, Usage? Counted = null)
{
    /// <summary>Whether it has results to be fetched that may be billed.</summary>
    public bool HasResults { get; init; } = Succeeded > 0;
}
