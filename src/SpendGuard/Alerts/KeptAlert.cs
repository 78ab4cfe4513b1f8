using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Alerts;

/// <summary>An alert as an outbox keeps it.</summary>
[Experimental(ApiTier.Stores)]
public sealed record KeptAlert
{
    /// <summary>The place of the alert in the order in which alerts were raised.</summary>
    public required long Sequence { get; init; }

    /// <summary>The alert.</summary>
    public required Alert Alert { get; init; }

    /// <summary>How far it is with each sink, by their names in order.</summary>
    public required IReadOnlyList<AlertProgress> Progress { get; init; }
}

/// <summary>How far an alert is with one sink.</summary>
[Experimental(ApiTier.Stores)]
public sealed record AlertProgress
{
    /// <summary>The name of the sink.</summary>
    public required string Sink { get; init; }

    /// <summary>How many times it was tried since it was raised or replayed.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the sink had it; null before.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>When it is tried next; null when it was delivered, or given up.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Why the last attempt failed; null when none did.</summary>
    public string? Failure { get; init; }
}
