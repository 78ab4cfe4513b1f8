using SpendGuard.Pricing;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>Prices, as the content of signed documents.</summary>
internal sealed class PriceContent : ISignedContent<PriceBook>
{
    /// <summary>The prices of a document, which expire when it does.</summary>
    public static PriceBook Book(SignedContent<PriceBook> content) =>
        content.ExpiresAt is { } expiresAt ? content.Value.WithExpiry(expiresAt) : content.Value;

    public SignedContent<PriceBook> Read(ReadOnlyMemory<byte> document, string source)
    {
        try
        {
            var book = PriceBook.Parse(document, source);
            return new SignedContent<PriceBook>(book, book.GeneratedAt, book.ExpiresAt);
        }
        catch (PriceFormatException exception)
        {
            throw new SignedDocumentException(
                exception.Field switch
                {
                    "generated_at" => SignedDocumentFault.Date,
                    "expires_at" => SignedDocumentFault.Expiry,
                    _ => SignedDocumentFault.Rates,
                },
                $"{exception.Message} Publish a corrected document.",
                exception);
        }
    }

    public Exception Unavailable(string sentence, string source, Exception why) => new PricesUnavailableException(sentence, source, why);
}
