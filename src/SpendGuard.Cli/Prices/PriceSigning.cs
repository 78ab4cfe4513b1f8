using SpendGuard.Pricing;
using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Cli.Prices;

/// <summary>Dates and signs a price document. What a sidecar would refuse is not signed.</summary>
internal static class PriceSigning
{
    private const string Source = "the document to sign";

    /// <summary>Signs a document as of a moment, in place of any dates and signature that it has.</summary>
    /// <param name="document">The document in UTF-8.</param>
    /// <param name="keys">The key pair.</param>
    /// <param name="options">What a sidecar asks of a document, but for its key.</param>
    /// <param name="now">The date that it gets.</param>
    /// <param name="expiresIn">How long from then the prices may be used.</param>
    /// <returns>The document, and its prices.</returns>
    /// <exception cref="SignedDocumentException">A sidecar would refuse the document.</exception>
    public static (byte[] Document, PriceBook Book) Sign(
        ReadOnlyMemory<byte> document, PriceKeyPair keys, SignedPriceOptions options, DateTimeOffset now, TimeSpan expiresIn)
    {
        options.PublicKey = keys.PublicKey;
        var signed = PriceDocuments.Sign(document, keys, now, now + expiresIn);
        PriceDocuments.Verify(signed, Source, options, new At(now));
        return (signed, PriceBook.Parse(signed, Source));
    }
}
