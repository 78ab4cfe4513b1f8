using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Cli.Documents;

/// <summary>Dates and signs a document. What a sidecar would refuse is not signed.</summary>
internal static class DocumentSigning
{
    /// <summary>Signs a document as of a moment, in place of any dates and signature that it has.</summary>
    /// <param name="kind">What kind of document it is.</param>
    /// <param name="document">The document in UTF-8.</param>
    /// <param name="keys">The key pair.</param>
    /// <param name="options">What a sidecar asks of a document, but for its key.</param>
    /// <param name="now">The date that it gets.</param>
    /// <param name="expiresIn">How long from then it may be used.</param>
    /// <returns>The document, and what is told of it.</returns>
    /// <exception cref="SignedDocumentException">A sidecar would refuse the document.</exception>
    public static (byte[] Document, JudgedDocument Judged) Sign(
        DocumentKind kind, ReadOnlyMemory<byte> document, PriceKeyPair keys, SignedPriceOptions options, DateTimeOffset now, TimeSpan expiresIn)
    {
        options.PublicKey = keys.PublicKey;
        var signed = PriceDocuments.Sign(document, keys, now, now + expiresIn);
        return (signed, kind.Judge(signed, "the document to sign", options, new At(now)) with { Until = ("expires_at", now + expiresIn) });
    }
}
