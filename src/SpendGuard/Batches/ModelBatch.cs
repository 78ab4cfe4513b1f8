using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Batches;

/// <summary>Calls that a provider takes all at once and makes in its own time, at a price of its own.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record ModelBatch
{
    /// <summary>The calls, all of one agent and one run, each at the tier that batches are billed at.</summary>
    public required IReadOnlyList<ModelCall> Requests { get; init; }

    /// <summary>The longest that the provider takes until it has ended, and with it what it has not made: for as long the hold lives.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>How long it waits at most while its budget is locked; as long as the engine lets calls wait when null, and never longer.</summary>
    public TimeSpan? LockedWait { get; init; }

    /// <inheritdoc cref="ModelCall.ApprovalWait"/>
    public TimeSpan? ApprovalWait { get; init; }
}
