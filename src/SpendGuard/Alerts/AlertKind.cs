namespace SpendGuard.Alerts;

/// <summary>What an alert tells of.</summary>
public enum AlertKind
{
    /// <summary>What is spent has reached a percentage of a limit.</summary>
    LimitThreshold,

    /// <summary>A call was refused, because a limit is full.</summary>
    Refused,

    /// <summary>A node was paused, by somebody or by a breaker: no call is made under it.</summary>
    Paused,

    /// <summary>A node that was paused is active again.</summary>
    Resumed,

    /// <summary>A provider billed more than was held, and more is spent than was granted.</summary>
    Overdrawn,

    /// <summary>The outcome of a call is unknown, and its whole hold was booked as spent.</summary>
    Forfeited,

    /// <summary>A call that found a limit full asks for more.</summary>
    ApprovalRequested,
}
