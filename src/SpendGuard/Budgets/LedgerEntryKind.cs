namespace SpendGuard.Budgets;

/// <summary>What a ledger entry records.</summary>
public enum LedgerEntryKind
{
    /// <summary>A budget was set or topped up.</summary>
    BudgetSet,

    /// <summary>A budget was closed because its agent was deleted.</summary>
    BudgetClosed,

    /// <summary>A worst case was held.</summary>
    Reserved,

    /// <summary>A reservation ended at the actual cost.</summary>
    Settled,

    /// <summary>A reservation ended at nothing.</summary>
    Released,

    /// <summary>A reservation ended at its whole hold, or at what is known of its cost where that is more.</summary>
    Forfeited,

    /// <summary>A forfeit was replaced by what the call turned out to cost, or raised to what became known of it.</summary>
    Corrected,

    /// <summary>A group was created.</summary>
    GroupCreated,

    /// <summary>A group was deleted.</summary>
    GroupDeleted,

    /// <summary>A node was put under another group, or under none.</summary>
    Moved,

    /// <summary>A limit of a node was set.</summary>
    LimitSet,

    /// <summary>A limit of a node was removed.</summary>
    LimitRemoved,

    /// <summary>A node was paused.</summary>
    Paused,

    /// <summary>A node's pause ended.</summary>
    Resumed,

    /// <summary>A call that found a limit full has asked for more.</summary>
    ApprovalAsked,

    /// <summary>A request for more was approved.</summary>
    Approved,

    /// <summary>A request for more was denied.</summary>
    Denied,

    /// <summary>How many identical calls in a row a run may make was set, or is no longer limited.</summary>
    BreakerSet,
}
