using SpendGuard.Budgets;

namespace SpendGuard.Examples.NewsDesk;

/// <summary>What the provider billed beside what the ledger booked, for models and for tools.</summary>
/// <param name="Budget">The budget at the end.</param>
/// <param name="Bill">The provider's bill; null when it cannot be asked for.</param>
/// <param name="Models">What the ledger booked for calls to models.</param>
/// <param name="Tools">What the ledger booked for functions with a price.</param>
internal sealed record Reckoning(Budget Budget, Reckoning.Side? Bill, Reckoning.Side Models, Reckoning.Side Tools)
{
    public bool Agrees => Models.Total + Tools.Total == Budget.Spent && (Bill is null || Bill == Models);

    public bool WithinBudget => Budget.Spent <= Budget.Granted && Budget.Held == Money.Zero;

    public static async Task<Reckoning> MakeAsync(SpendGuardEngine guard, Upstream upstream)
    {
        var budget = await guard.FindBudgetAsync("news-desk");
        var ended = await guard.ReadLedgerAsync("news-desk")
            .Where(entry => entry.Kind is LedgerEntryKind.Settled or LedgerEntryKind.Forfeited)
            .ToListAsync();
        return new Reckoning(
            budget!,
            upstream.Bill is { } bill ? new Side(bill.BilledCalls, Money.FromMicrocents(bill.TotalMicrocents)) : null,
            Side.Of(ended.Where(entry => !IsTool(entry))),
            Side.Of(ended.Where(IsTool)));
    }

    private static bool IsTool(LedgerEntry entry) => entry.Model?.StartsWith("tool:", StringComparison.Ordinal) == true;

    /// <param name="Calls">How many calls cost something.</param>
    /// <param name="Total">What they cost together.</param>
    internal sealed record Side(int Calls, Money Total)
    {
        public static Side Of(IEnumerable<LedgerEntry> ended) =>
            ended.Aggregate(new Side(0, Money.Zero), (sum, entry) => new Side(sum.Calls + 1, sum.Total + entry.Amount));
    }
}
