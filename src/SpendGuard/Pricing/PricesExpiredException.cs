namespace SpendGuard;

/// <summary>The call was refused because the prices in force have expired.</summary>
public sealed class PricesExpiredException : SpendGuardException
{
    internal PricesExpiredException(string source, DateTimeOffset expiredAt)
        : base($"The prices from {source} expired at {expiredAt:u}. Load current prices; no call is made on expired ones.")
    {
        PriceSource = source;
        ExpiredAt = expiredAt;
    }

    /// <summary>Where the prices are from.</summary>
    public string PriceSource { get; }

    /// <summary>When they expired.</summary>
    public DateTimeOffset ExpiredAt { get; }
}
