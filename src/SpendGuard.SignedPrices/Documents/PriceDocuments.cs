using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;
using SpendGuard.SignedPrices.Sources;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>What publishers of prices do: fetch, verify, date and sign price documents.</summary>
[Experimental("SPENDGUARD002")]
public static class PriceDocuments
{
    /// <summary>Fetches a document as an engine with these options would, without judging it.</summary>
    /// <param name="options">Where the document is.</param>
    /// <param name="time">The clock of the time-out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The document in UTF-8.</returns>
    /// <exception cref="DocumentFetchException">There is no document to be had.</exception>
    /// <exception cref="SignedDocumentException">The document is larger than any price document.</exception>
    public static async Task<ReadOnlyMemory<byte>> FetchAsync(
        SignedPriceOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var source = DocumentSources.Open(options, time);
        using var closed = source as IDisposable;
        return (await source.FetchAsync(knownTag: null, cancellationToken).ConfigureAwait(false))!.Text;
    }

    /// <summary>Judges a document as an engine with these options would.</summary>
    /// <param name="document">The document in UTF-8.</param>
    /// <param name="source">Where it is from, for people to read.</param>
    /// <param name="options">What is asked of it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Its prices. They stay in force beyond its expiry by as much as clocks may differ.</returns>
    /// <exception cref="SignedDocumentException">The document must not be used.</exception>
    public static PriceBook Verify(ReadOnlyMemory<byte> document, string source, SignedPriceOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        return new PriceDocumentVerifier(options, time).Verify(SignedDocument.Read(document), source);
    }

    /// <summary>Judges a document with other content as an engine with these options would.</summary>
    /// <typeparam name="TContent">The content.</typeparam>
    /// <param name="document">The document in UTF-8.</param>
    /// <param name="source">Where it is from, for people to read.</param>
    /// <param name="kind">How the content is read.</param>
    /// <param name="options">What is asked of it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>What it says. It stays in force beyond its expiry by as much as clocks may differ.</returns>
    /// <exception cref="SignedDocumentException">The document must not be used.</exception>
    public static SignedContent<TContent> Verify<TContent>(
        ReadOnlyMemory<byte> document, string source, ISignedContent<TContent> kind, SignedPriceOptions options, TimeProvider time)
        where TContent : class
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        return new DocumentVerifier<TContent>(kind, options, time).Verify(SignedDocument.Read(document), source);
    }

    /// <summary>Dates and signs a document, in place of any dates and signature that it has. Does not judge it otherwise.</summary>
    /// <param name="document">The document in UTF-8. Where it does not say which schema it has and who it is for, that is added.</param>
    /// <param name="keys">The key pair.</param>
    /// <param name="generatedAt">The date that it gets.</param>
    /// <param name="expiresAt">When its prices must no longer be used.</param>
    /// <returns>The document with its signature, indented, its keys sorted.</returns>
    /// <exception cref="SignedDocumentException">The document is not a JSON object that can be signed.</exception>
    public static byte[] Sign(ReadOnlyMemory<byte> document, PriceKeyPair keys, DateTimeOffset generatedAt, DateTimeOffset expiresAt)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return PriceDocumentSigner.Sign(PriceDocumentSigner.Stamp(document, generatedAt, expiresAt), keys.Seed.Span);
    }
}
