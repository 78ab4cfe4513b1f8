using SpendGuard.Pricing;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>Decides whether a price document may be used.</summary>
internal sealed class PriceDocumentVerifier(SignedPriceOptions options, TimeProvider time)
{
    private readonly DocumentVerifier<PriceBook> _verifier = new(new PriceContent(), options, time);

    /// <inheritdoc cref="DocumentVerifier{TContent}.Authenticate"/>
    public void Authenticate(SignedDocument document) => _verifier.Authenticate(document);

    /// <summary>Checks everything, and gives the prices. They stay in force beyond the document's expiry by as much as clocks may differ.</summary>
    /// <param name="document">The document.</param>
    /// <param name="source">Where it is from, for people to read.</param>
    /// <exception cref="SignedDocumentException">The document must not be used.</exception>
    public PriceBook Verify(SignedDocument document, string source) => PriceContent.Book(_verifier.Verify(document, source));
}
