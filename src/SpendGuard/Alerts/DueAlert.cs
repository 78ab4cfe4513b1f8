using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Alerts;

/// <summary>An alert that one process has to deliver to one sink, as long as its lease lasts.</summary>
[Experimental(ApiTier.Stores)]
public sealed record DueAlert
{
    /// <summary>The place of the alert in the order in which alerts were raised.</summary>
    public required long Sequence { get; init; }

    /// <summary>The alert.</summary>
    public required Alert Alert { get; init; }

    /// <summary>Whom it is for.</summary>
    public required string Sink { get; init; }

    /// <summary>How many times it has been taken for this sink since it was raised or replayed, with this one: 1 for the first.</summary>
    public required int Attempt { get; init; }

    /// <summary>How many times it has been taken for this sink in all. Only who took it last has a say in what becomes of it.</summary>
    public required long Lease { get; init; }
}
