using System.Globalization;
using System.Text.Json;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Sidecar.Dialects.Tables.Signed;

/// <summary>Request tables, as the content of signed documents. Vendors that a document leaves out keep the tables that ship with SpendGuard.</summary>
internal sealed class TableContent : ISignedContent<RequestTables>
{
    private const string Field = "request_tables";

    /// <summary>What ships with this version is newer than a document from before.</summary>
    public DateTimeOffset? NotBefore => DatedTables.Bundled.GeneratedAt;

    /// <inheritdoc/>
    public SignedContent<RequestTables> Read(ReadOnlyMemory<byte> document, string source)
    {
        using var json = JsonDocument.Parse(document);
        var root = json.RootElement;
        var generatedAt = Moment(root, "generated_at", SignedDocumentFault.Date)
            ?? throw new SignedDocumentException(SignedDocumentFault.Date, "The document does not say when it was generated. Publish it with generated_at.");
        return new SignedContent<RequestTables>(Tables(root), generatedAt, Moment(root, "expires_at", SignedDocumentFault.Expiry));
    }

    /// <inheritdoc/>
    public Exception Unavailable(string sentence, string source, Exception why) => new RequestTablesUnavailableException(sentence, source, why);

    private static RequestTables Tables(JsonElement root)
    {
        try
        {
            var vendors = TableJson.Of(root, "").Object(Field);
            var newer = vendors.Members
                .Where(vendor => RequestTables.Bundled.Vendors.Contains(vendor.Name, StringComparer.Ordinal))
                .ToDictionary(vendor => vendor.Name, vendor => TableReader.Read(vendor.Value, vendors.At(vendor.Name)), StringComparer.Ordinal);
            foreach (var (vendor, tables) in newer)
            {
                new TableFit(tables, RequestTables.Bundled.Of(vendor)).Require(vendors.At(vendor));
            }

            return newer.Count > 0
                ? RequestTables.Bundled.With(newer)
                : throw TableFormatException.Wrong(Field, $"has no tables of {string.Join(", ", RequestTables.Bundled.Vendors)}");
        }
        catch (TableFormatException exception)
        {
            throw new SignedDocumentException(exception.IsTooNew ? SignedDocumentFault.Engine : SignedDocumentFault.Content, exception.Message, exception);
        }
    }

    private static DateTimeOffset? Moment(JsonElement root, string name, SignedDocumentFault fault) =>
        !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment
        : throw new SignedDocumentException(fault, $"The document's '{name}' is no time such as 2026-11-24T15:00:00Z. Publish a corrected document.");
}
