namespace SpendGuard.Cli.Ledger;

/// <summary>What a provider says that it charged.</summary>
/// <param name="Provider">Who charged.</param>
/// <param name="Model">For which model; empty when the export does not say.</param>
/// <param name="Usd">How much, in US dollars; exact.</param>
/// <param name="At">When; null when the export does not say.</param>
internal sealed record ProviderCost(string Provider, string Model, decimal Usd, DateTimeOffset? At);

/// <summary>An export that cannot be read, and why.</summary>
internal sealed class CostExportException(string sentence) : Exception(sentence);
