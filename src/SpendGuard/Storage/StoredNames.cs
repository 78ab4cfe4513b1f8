using SpendGuard.Budgets;

namespace SpendGuard.Storage;

/// <summary>What ends and kinds of entries are called in a database. A name is never changed once it has shipped.</summary>
internal static class StoredNames
{
    public static string? ToText(ReservationEnd end) => end switch
    {
        ReservationEnd.None => null,
        ReservationEnd.Settled => "settled",
        ReservationEnd.Released => "released",
        ReservationEnd.Forfeited => "forfeited",
        _ => throw new ArgumentOutOfRangeException(nameof(end), end, "The end is not known."),
    };

    public static ReservationEnd ToEnd(string? text) => text switch
    {
        null => ReservationEnd.None,
        "settled" => ReservationEnd.Settled,
        "released" => ReservationEnd.Released,
        "forfeited" => ReservationEnd.Forfeited,
        _ => throw new FormatException("The end of a reservation is not known."),
    };

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
