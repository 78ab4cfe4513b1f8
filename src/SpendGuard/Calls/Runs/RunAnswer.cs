using SpendGuard.Budgets;

namespace SpendGuard.Calls.Runs;

/// <summary>What came of asking a run, and those around it, for a hold.</summary>
/// <param name="Status">What came of it.</param>
/// <param name="Hold">The hold; null when it was refused.</param>
/// <param name="Account">The run that refused; else the one that was asked.</param>
/// <param name="Budget">What that run had.</param>
internal sealed record RunAnswer(BudgetStatus Status, RunHold? Hold, RunAccount Account, Budget Budget);
