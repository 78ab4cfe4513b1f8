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
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "The action is not known."),
    };

    /// <summary>A limit, as it was kept.</summary>
    /// <param name="window">The name of its window.</param>
    /// <param name="zone">The time zone; null where it has none.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="action">The name of what it does.</param>
    /// <exception cref="FormatException">It is no name of an action.</exception>
    /// <exception cref="ArgumentException">There is no such window, or the zone is not known on this machine.</exception>
    public static Limit ToLimit(string window, string? zone, Money amount, string action)
    {
        var limit = Limit.Of(amount, LimitWindow.Parse(window, zone));
        return action switch
        {
            "refuse" => limit,
            "pause" => limit.ThatPauses(),
            _ => throw new FormatException("What a limit does is not known."),
        };
    }

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
        _ => throw new FormatException("The kind of a ledger entry is not known."),
    };
}
