namespace SpendGuard.SignedPrices.Sources;

/// <summary>Tells a server from a file.</summary>
internal static class DocumentSources
{
    /// <summary>The source that the options name.</summary>
    public static IDocumentSource Open(SignedPriceOptions options, TimeProvider time) =>
        Uri.TryCreate(options.Source, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new RemoteSource(url, options, time)
            : new FileSource(options.Source, options.Names);
}
