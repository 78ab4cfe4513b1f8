namespace SpendGuard;

/// <summary>The engine did not start, because there are no prices that may be used. Says why, and what to do.</summary>
public sealed class PricesUnavailableException : Exception
{
    internal PricesUnavailableException(string host, string source, string why, string? kept, string? instead, Exception innerException)
        : base($"The {host} did not start: it got no prices from {source}. {why}{Also(kept)}{Also(instead)}", innerException)
    {
        PriceSource = source;
    }

    /// <summary>Where the prices should have come from.</summary>
    public string PriceSource { get; }

    private static string Also(string? sentence) => sentence is null ? "" : $" {sentence}";
}
