namespace SpendGuard.Pricing.Import;

/// <summary>What an import did with a row of a price map, other than to take it over as it stands.</summary>
/// <param name="Name">The row, as the map names it.</param>
/// <param name="Reason">What was done and why, as a whole sentence.</param>
internal sealed record PriceImportNote(string Name, string Reason);
