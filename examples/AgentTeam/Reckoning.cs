using SpendGuard.Budgets;

namespace SpendGuard.Examples.AgentTeam;

/// <summary>What the provider billed for an agent beside what the agent's ledger booked.</summary>
internal sealed record Reckoning(Budget Budget, (int Calls, Money Total) Bill, (int Calls, Money Total) Ledger)
{
    public bool Agrees => Ledger == Bill && Ledger.Total == Budget.Spent && Budget.Held == Money.Zero && Budget.Spent <= Budget.Granted;

    public static async Task<IReadOnlyList<Reckoning>> MakeAsync(
        SpendGuardEngine guard, ScriptedProvider provider, IEnumerable<string> agents)
    {
        var reckonings = new List<Reckoning>();
        foreach (var agent in agents)
        {
            var ended = await guard.ReadLedgerAsync(agent)
                .Where(entry => entry.Kind is LedgerEntryKind.Settled or LedgerEntryKind.Forfeited)
                .Select(entry => entry.Amount)
                .ToListAsync();
            reckonings.Add(new Reckoning(
                (await guard.FindBudgetAsync(agent))!,
                provider.BillOf(agent),
                (ended.Count, ended.Aggregate(Money.Zero, (sum, amount) => sum + amount))));
        }

        return reckonings;
    }
}
