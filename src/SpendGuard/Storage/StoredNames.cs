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
        _ => throw new FormatException("The kind of a ledger entry is not known."),
    };
}
