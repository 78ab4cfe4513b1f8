namespace SpendGuard.Cli.Ledger;

/// <summary>What the ledger has booked beside what providers charged, row by row.</summary>
internal sealed record Reconciliation(Window Window, decimal Tolerance, IReadOnlyList<ReconciledRow> Rows)
{
    public ReconciledRow Total => new(
        "", "", Rows.Sum(row => row.LedgerUsd), Rows.Sum(row => row.ProviderUsd), Rows.Sum(row => row.ForfeitedUsd));

    public bool Agrees => Rows.All(IsWithin);

    /// <param name="booked">What the ledger has booked.</param>
    /// <param name="costs">What providers charged; what lies outside of the window is left out.</param>
    /// <param name="window">The window.</param>
    /// <param name="byModel">Whether models have rows of their own; else their providers have.</param>
    /// <param name="tolerance">By how much a row may differ, in US dollars.</param>
    public static Reconciliation Of(
        BookedCosts booked, IEnumerable<ProviderCost> costs, Window window, bool byModel, decimal tolerance)
    {
        var ledger = booked.Models.Select(model => (
            model.Key.Provider,
            model.Key.Model,
            Row: new ReconciledRow("", "", Usd(model.Value.Microcents), 0, Usd(model.Value.ForfeitedMicrocents))));
        var charged = costs.Where(cost => cost.At is not { } at || window.Contains(at))
            .Select(cost => (cost.Provider, cost.Model, Row: new ReconciledRow("", "", 0, cost.Usd, 0)));
        var rows = ledger.Concat(charged)
            .GroupBy(part => (part.Provider, Model: byModel ? part.Model : ""))
            .OrderBy(row => row.Key.Provider, StringComparer.Ordinal)
            .ThenBy(row => row.Key.Model, StringComparer.Ordinal)
            .Select(row => new ReconciledRow(
                row.Key.Provider,
                row.Key.Model,
                row.Sum(part => part.Row.LedgerUsd),
                row.Sum(part => part.Row.ProviderUsd),
                row.Sum(part => part.Row.ForfeitedUsd)));
        return new Reconciliation(window, tolerance, [.. rows]);
    }

    public bool IsWithin(ReconciledRow row) => decimal.Abs(row.DiffUsd) <= Tolerance;

    private static decimal Usd(long microcents) => Money.FromMicrocents(microcents).ToDollars();
}

/// <summary>A provider's model, or a provider.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model; empty for all of the provider's.</param>
/// <param name="LedgerUsd">What the ledger has booked.</param>
/// <param name="ProviderUsd">What the provider charged.</param>
/// <param name="ForfeitedUsd">What of the ledger's are forfeits: calls whose cost is not known.</param>
internal sealed record ReconciledRow(string Provider, string Model, decimal LedgerUsd, decimal ProviderUsd, decimal ForfeitedUsd)
{
    /// <summary>What the ledger has booked more than the provider charged.</summary>
    public decimal DiffUsd => LedgerUsd - ProviderUsd;
}
