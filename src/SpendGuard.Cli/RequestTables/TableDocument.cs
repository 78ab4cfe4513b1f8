using SpendGuard.Cli.Documents;
using SpendGuard.Sidecar.Dialects.Tables.Signed;
using SpendGuard.SignedPrices;

namespace SpendGuard.Cli.RequestTables;

/// <summary>Request tables, as a kind of signed document.</summary>
internal sealed class TableDocument : DocumentKind
{
    public override string Sign => "Date a document of request tables with now, and sign it with the key of the prices.";

    public override string ToSign => "Document of request tables to sign, as 'tables show' writes it";

    public override string Verify => "Judge a document of request tables as this version's sidecar would. Ends with 1 when it would be refused.";

    public override string ToVerify => "Document of request tables: a file, or an http or https address";

    public override SignedPriceOptions Asked(SignedPriceOptions options) => TableDocuments.Name(options);

    public override JudgedDocument Judge(ReadOnlyMemory<byte> document, string source, SignedPriceOptions options, TimeProvider time)
    {
        var (generatedAt, usableUntil) = TableDocuments.Verify(document, source, options, time);
        return new JudgedDocument(generatedAt, ("usable_until", usableUntil));
    }
}
