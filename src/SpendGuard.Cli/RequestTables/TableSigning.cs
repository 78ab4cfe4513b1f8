using SpendGuard.Cli.Prices;
using SpendGuard.Sidecar.Dialects.Tables.Signed;
using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Cli.RequestTables;

/// <summary>Dates and signs a document of request tables. What a sidecar would refuse is not signed.</summary>
internal static class TableSigning
{
    /// <summary>Signs a document as of a moment, in place of any dates and signature that it has.</summary>
    /// <param name="document">The document in UTF-8.</param>
    /// <param name="keys">The key pair.</param>
    /// <param name="options">What a sidecar asks of a document, but for its key.</param>
    /// <param name="now">The date that it gets.</param>
    /// <param name="expiresIn">How long from then the tables may be used.</param>
    /// <exception cref="SignedDocumentException">A sidecar would refuse the document.</exception>
    public static byte[] Sign(ReadOnlyMemory<byte> document, PriceKeyPair keys, SignedPriceOptions options, DateTimeOffset now, TimeSpan expiresIn)
    {
        options.PublicKey = keys.PublicKey;
        var signed = PriceDocuments.Sign(document, keys, now, now + expiresIn);
        TableDocuments.Verify(signed, "the document to sign", options, new At(now));
        return signed;
    }
}
