namespace SpendGuard.Pricing.Import;

/// <summary>A row of a price map cannot be made a rate card. Says why.</summary>
internal sealed class UnusableRowException(string reason) : Exception(reason);
