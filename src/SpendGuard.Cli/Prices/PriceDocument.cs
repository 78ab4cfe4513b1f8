using SpendGuard.Cli.Documents;
using SpendGuard.Pricing;
using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Cli.Prices;

/// <summary>Prices, as a kind of signed document.</summary>
internal sealed class PriceDocument : DocumentKind
{
    public override string Sign => "Date a price document with now, and sign it.";

    public override string ToSign => "Price document to sign";

    public override string Verify => "Judge a price document as the sidecar would. Ends with 1 when it would be refused.";

    public override string ToVerify => "Price document: a file, or an http or https address";

    public override SignedPriceOptions Asked(SignedPriceOptions options) => options;

    public override JudgedDocument Judge(ReadOnlyMemory<byte> document, string source, SignedPriceOptions options, TimeProvider time)
    {
        PriceDocuments.Verify(document, source, options, time);

        // With the expiry that it states: clocks may differ where it is used, and that is no news of the document.
        var book = PriceBook.Parse(document, source);
        return new JudgedDocument(book.GeneratedAt, ("expires_at", book.ExpiresAt)) { Models = book.Models.Count, NotUnderstood = new NotUnderstood(document) };
    }
}
