using SpendGuard.Billing;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>What a batch that has ended came to, by its provider's word.</summary>
/// <param name="Succeeded">How many of its requests were answered.</param>
internal sealed record BatchEnd(int Succeeded)
{
    /// <summary>Whether there are no results that could cost something: none has to be fetched for it to be settled.</summary>
    public required bool IsEmpty { get; init; }

    /// <summary>What was counted for all of it; null where that is not told.</summary>
    public Usage? Counted { get; init; }

    /// <summary>Whether something was counted that cannot be read, so that nobody knows what it cost.</summary>
    public bool IsGarbled { get; init; }
}
