using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard.Storage;

/// <summary>What ends and kinds of entries are called in a database. A name is never changed once it has shipped.</summary>
[Experimental(ApiTier.Stores)]
public static class StoredNames
{
    /// <summary>The name of an end; null for none.</summary>
    public static string? ToText(ReservationEnd end) => end switch
    {
        ReservationEnd.None => null,
        ReservationEnd.Settled => "settled",
        ReservationEnd.Released => "released",
        ReservationEnd.Forfeited => "forfeited",
        _ => throw new ArgumentOutOfRangeException(nameof(end), end, "The end is not known."),
    };

    /// <summary>The end that a name stands for; none for null.</summary>
    /// <exception cref="FormatException">It is no name of an end.</exception>
    public static ReservationEnd ToEnd(string? text) => text switch
    {
        null => ReservationEnd.None,
        "settled" => ReservationEnd.Settled,
        "released" => ReservationEnd.Released,
        "forfeited" => ReservationEnd.Forfeited,
        _ => throw new FormatException("The end of a reservation is not known."),
    };

    /// <summary>The name of a kind of nodes.</summary>
    public static string ToText(NodeKind kind) => kind switch
    {
        NodeKind.Agent => "agent",
        NodeKind.Group => "group",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The kind is not known."),
    };

    /// <summary>The kind of nodes that a name stands for.</summary>
    /// <exception cref="FormatException">It is no name of a kind.</exception>
    public static NodeKind ToNodeKind(string text) => text switch
    {
        "agent" => NodeKind.Agent,
        "group" => NodeKind.Group,
        _ => throw new FormatException("The kind of a node is not known."),
    };

    /// <summary>The name of what a limit does.</summary>
    public static string ToText(LimitAction action) => action switch
    {
        LimitAction.Refuse => "refuse",
        LimitAction.Pause => "pause",
        LimitAction.Ask => "ask",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "The action is not known."),
    };

    /// <summary>What a limit does that a name stands for.</summary>
    /// <exception cref="FormatException">It is no name of an action.</exception>
    public static LimitAction ToAction(string text) => text switch
    {
        "refuse" => LimitAction.Refuse,
        "pause" => LimitAction.Pause,
        "ask" => LimitAction.Ask,
        _ => throw new FormatException("What a limit does is not known."),
    };

    /// <summary>A limit, as it was kept.</summary>
    /// <param name="window">The name of its window.</param>
    /// <param name="zone">The time zone; null where it has none.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="action">The name of what it does.</param>
    /// <param name="thresholds">What <see cref="AlertThresholds.ToText"/> has written.</param>
    /// <exception cref="FormatException">It is no name of an action, or there are no such thresholds.</exception>
    /// <exception cref="ArgumentException">There is no such window, or the zone is not known on this machine.</exception>
    public static Limit ToLimit(string window, string? zone, Money amount, string action, string? thresholds)
    {
        var limit = Limit.Of(amount, LimitWindow.Parse(window, zone)).AlertingAt(AlertThresholds.Parse(thresholds));
        return ToAction(action) switch
        {
            LimitAction.Pause => limit.ThatPauses(),
            LimitAction.Ask => limit.ThatAsks(),
            _ => limit,
        };
    }

    /// <summary>The name of how far a request for approval is.</summary>
    public static string ToText(ApprovalState state) => state switch
    {
        ApprovalState.Pending => "pending",
        ApprovalState.Approved => "approved",
        ApprovalState.Denied => "denied",
        ApprovalState.Over => "over",
        ApprovalState.Ended => "ended",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "The state is not known."),
    };

    /// <summary>How far a request for approval is that a name stands for.</summary>
    /// <exception cref="FormatException">It is no name of a state.</exception>
    public static ApprovalState ToApprovalState(string text) => text switch
    {
        "pending" => ApprovalState.Pending,
        "approved" => ApprovalState.Approved,
        "denied" => ApprovalState.Denied,
        "over" => ApprovalState.Over,
        "ended" => ApprovalState.Ended,
        _ => throw new FormatException("The state of a request for approval is not known."),
    };

    /// <summary>The name of a kind of entries.</summary>
    public static string ToText(LedgerEntryKind kind) => kind switch
    {
        LedgerEntryKind.BudgetSet => "budget-set",
        LedgerEntryKind.BudgetClosed => "budget-closed",
        LedgerEntryKind.Reserved => "reserved",
        LedgerEntryKind.Settled => "settled",
        LedgerEntryKind.Released => "released",
        LedgerEntryKind.Forfeited => "forfeited",
        LedgerEntryKind.Corrected => "corrected",
        LedgerEntryKind.GroupCreated => "group-created",
        LedgerEntryKind.GroupDeleted => "group-deleted",
        LedgerEntryKind.Moved => "moved",
        LedgerEntryKind.LimitSet => "limit-set",
        LedgerEntryKind.LimitRemoved => "limit-removed",
        LedgerEntryKind.Paused => "paused",
        LedgerEntryKind.Resumed => "resumed",
        LedgerEntryKind.ApprovalAsked => "approval-asked",
        LedgerEntryKind.Approved => "approved",
        LedgerEntryKind.Denied => "denied",
        LedgerEntryKind.BreakerSet => "breaker-set",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The kind is not known."),
    };

    /// <summary>The kind of entries that a name stands for.</summary>
    /// <exception cref="FormatException">It is no name of a kind.</exception>
    public static LedgerEntryKind ToKind(string text) => text switch
    {
        "budget-set" => LedgerEntryKind.BudgetSet,
        "budget-closed" => LedgerEntryKind.BudgetClosed,
        "reserved" => LedgerEntryKind.Reserved,
        "settled" => LedgerEntryKind.Settled,
        "released" => LedgerEntryKind.Released,
        "forfeited" => LedgerEntryKind.Forfeited,
        "corrected" => LedgerEntryKind.Corrected,
        "group-created" => LedgerEntryKind.GroupCreated,
        "group-deleted" => LedgerEntryKind.GroupDeleted,
        "moved" => LedgerEntryKind.Moved,
        "limit-set" => LedgerEntryKind.LimitSet,
        "limit-removed" => LedgerEntryKind.LimitRemoved,
        "paused" => LedgerEntryKind.Paused,
        "resumed" => LedgerEntryKind.Resumed,
        "approval-asked" => LedgerEntryKind.ApprovalAsked,
        "approved" => LedgerEntryKind.Approved,
        "denied" => LedgerEntryKind.Denied,
        "breaker-set" => LedgerEntryKind.BreakerSet,
        _ => throw new FormatException("The kind of a ledger entry is not known."),
    };
}
