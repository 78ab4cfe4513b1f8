namespace SpendGuard.Budgets;

/// <summary>How far a request for approval is.</summary>
public enum ApprovalState
{
    /// <summary>Nobody has answered it.</summary>
    Pending,

    /// <summary>What it asks for was granted, for a time, which lasts.</summary>
    Approved,

    /// <summary>It was turned down.</summary>
    Denied,

    /// <summary>
    /// Nobody has answered it, and nobody can any more: its limit was set anew or removed since, its window has ended,
    /// a newer request took its place, or who it is of was deleted.
    /// No store keeps that: it follows from what is full, whenever a request that waits is read.
    /// </summary>
    Over,

    /// <summary>
    /// It was approved, and what was added is there no more: its time is over, or the window's, its limit was set anew or removed since, or who it
    /// is of was deleted. No store keeps that: it follows from what is full, whenever a request that was approved is read.
    /// </summary>
    Ended,
}
