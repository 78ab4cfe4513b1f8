namespace SpendGuard.Sidecar.SignedPrices;

/// <summary>The sidecar cannot start, because there are no prices that may be used.</summary>
internal sealed class PricesUnavailableException(string source, string why, string? kept, Exception innerException)
    : Exception($"The sidecar did not start: it got no prices from {source}. {why}{(kept is null ? "" : $" {kept}")}", innerException);
