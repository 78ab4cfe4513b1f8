namespace SpendGuard.SignedPrices.Sources;

/// <summary>Where signed documents are fetched from. Does not judge them.</summary>
internal interface IDocumentSource
{
    /// <summary>The source, for people to read; holds no secret.</summary>
    string Name { get; }

    /// <summary>Fetches the document.</summary>
    /// <param name="knownTag">The tag of the document in force; null when there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The document; null when it is the known one.</returns>
    /// <exception cref="DocumentFetchException">There is no document to be had.</exception>
    Task<FetchedDocument?> FetchAsync(string? knownTag, CancellationToken cancellationToken);
}

/// <summary>A document as its source sent it.</summary>
/// <param name="Text">The document.</param>
/// <param name="Tag">What tells it from others of the source, such as an ETag; null when the source does not say.</param>
internal sealed record FetchedDocument(ReadOnlyMemory<byte> Text, string? Tag);
