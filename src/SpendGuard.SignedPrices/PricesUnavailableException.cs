namespace SpendGuard;

/// <summary>The engine did not start, because there are no prices that may be used. Says why, and what to do.</summary>
public sealed class PricesUnavailableException : Exception
{
    internal PricesUnavailableException(string host, string source, string why, string? kept, Exception innerException)
        : base($"The {host} did not start: it got no prices from {source}. {why}{(kept is null ? "" : $" {kept}")}", innerException)
    {
        PriceSource = source;
    }

    /// <summary>Where the prices should have come from.</summary>
    public string PriceSource { get; }
}
