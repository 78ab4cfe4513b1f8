namespace SpendGuard;

/// <summary>The engine did not start, because there are no prices that may be used. Says why, and what to do.</summary>
public sealed class PricesUnavailableException : Exception
{
    internal PricesUnavailableException(string sentence, string source, Exception innerException)
        : base(sentence, innerException)
    {
        PriceSource = source;
    }

    /// <summary>Where the prices should have come from.</summary>
    public string PriceSource { get; }
}
