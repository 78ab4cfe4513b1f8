using SpendGuard.Budgets;

namespace SpendGuard.Examples.Quickstart;

/// <summary>What the provider billed beside what the ledger booked.</summary>
/// <param name="Budget">The budget at the end.</param>
/// <param name="Bill">The provider's bill; null when it cannot be asked for.</param>
/// <param name="Ledger">The sum of what the ledger booked for each call.</param>
internal sealed record Reckoning(Budget Budget, Reckoning.Side? Bill, Reckoning.Side Ledger)
{
    public bool Agrees => Ledger.Total == Budget.Spent && (Bill is null || Bill == Ledger);

    public bool WithinBudget => Budget.Spent <= Budget.Granted && Budget.Held == Money.Zero;

    public static async Task<Reckoning> MakeAsync(SpendGuardEngine guard, Upstream upstream)
    {
        var budget = await guard.FindBudgetAsync("researcher");
        var ended = await guard.ReadLedgerAsync("researcher")
            .Where(entry => entry.Kind is LedgerEntryKind.Settled or LedgerEntryKind.Forfeited)
            .Select(entry => entry.Amount)
            .ToListAsync();
        return new Reckoning(
            budget!,
            upstream.Bill is { } bill ? new Side(bill.BilledCalls, Money.FromMicrocents(bill.TotalMicrocents)) : null,
            new Side(ended.Count, ended.Aggregate(Money.Zero, (sum, amount) => sum + amount)));
    }

    /// <param name="Calls">How many calls cost something.</param>
    /// <param name="Total">What they cost together.</param>
    internal sealed record Side(int Calls, Money Total);
}
