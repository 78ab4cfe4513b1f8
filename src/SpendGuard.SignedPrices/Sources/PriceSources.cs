namespace SpendGuard.SignedPrices.Sources;

/// <summary>Tells a price server from a file.</summary>
internal static class PriceSources
{
    /// <summary>The source that the options name.</summary>
    public static IPriceSource Open(SignedPriceOptions options, TimeProvider time) =>
        Uri.TryCreate(options.Source, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new RemotePrices(url, options, time)
            : new FilePrices(options.Source, options.Names);
}
