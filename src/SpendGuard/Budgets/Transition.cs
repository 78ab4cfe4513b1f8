namespace SpendGuard.Budgets;

/// <summary>What a command makes of the state it met. Whatever is not null has to be stored, all of it or nothing.</summary>
/// <param name="Status">What came of the command.</param>
/// <param name="Budget">The changed budget; null when it stays as it is.</param>
/// <param name="Reservation">The new or changed reservation; null when none changes.</param>
/// <param name="Entry">The ledger entry to append; null when the command leaves none.</param>
public sealed record Transition(BudgetStatus Status, Budget? Budget = null, Reservation? Reservation = null, LedgerEntry? Entry = null)
{
    /// <summary>The new or changed agent; null when it stays as it is.</summary>
    public Agent? Agent { get; init; }
}
