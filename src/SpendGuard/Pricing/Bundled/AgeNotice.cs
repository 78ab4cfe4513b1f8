using Microsoft.Extensions.Logging;

namespace SpendGuard.Pricing.Bundled;

/// <summary>
/// Says once that calls are priced by bundled prices that have become old. They never expire, so nothing else would tell of a provider that has
/// raised its prices since.
/// </summary>
internal sealed partial class AgeNotice(ILogger logger)
{
    private static readonly TimeSpan Old = TimeSpan.FromDays(30);

    private bool _told;

    public void Look(PriceBook book, DateTimeOffset now)
    {
        if (!_told && book.IsBundled && book.AgeAt(now) > Old && !Interlocked.Exchange(ref _told, true))
        {
            OldPrices(logger, book.GeneratedAt, (int)book.AgeAt(now).TotalDays);
        }
    }

    [LoggerMessage(15, LogLevel.Warning,
        "The prices are those that ship with SpendGuard, of {GeneratedAt:u}, {AgeInDays} days old. They do not expire and are not updated; when a provider raises its prices, budgets are exceeded unnoticed. Update the package, or take signed prices: UseSignedPrices, or the sidecar's CAP_PRICING_SOURCE.")]
    private static partial void OldPrices(ILogger logger, DateTimeOffset generatedAt, int ageInDays);
}
