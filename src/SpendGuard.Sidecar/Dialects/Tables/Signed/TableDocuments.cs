using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Sidecar.Dialects.Tables.Signed;

/// <summary>What publishers of request tables do: begin with those that ship, judge a document, and sign it.</summary>
[Experimental("SPENDGUARD002")]
public static class TableDocuments
{
    /// <summary>What documents of request tables are called, for sentences.</summary>
    /// <param name="options">The options that get the names.</param>
    /// <returns>The options.</returns>
    public static SignedPriceOptions Name(SignedPriceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Names.Document = "request table document";
        options.Names.Server = "request table server";
        options.Names.Content = "request tables";
        options.SchemaVersion = "1";
        return options;
    }

    /// <summary>The tables that ship with SpendGuard as a document, unsigned and undated.</summary>
    /// <returns>The document in UTF-8, indented.</returns>
    public static byte[] Bundled()
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("request_tables");
            foreach (var vendor in RequestTables.Bundled.Vendors)
            {
                writer.WritePropertyName(vendor);
                using var tables = JsonDocument.Parse(RequestTables.BundledText(vendor));
                tables.RootElement.WriteTo(writer);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return output.ToArray();
    }

    /// <summary>Judges a document as a sidecar with these options would.</summary>
    /// <param name="document">The document in UTF-8.</param>
    /// <param name="source">Where it is from, for people to read.</param>
    /// <param name="options">What is asked of it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Its dates. It stays in force beyond its expiry by as much as clocks may differ.</returns>
    /// <exception cref="SignedDocumentException">The document must not be used.</exception>
    public static (DateTimeOffset GeneratedAt, DateTimeOffset UsableUntil) Verify(
        ReadOnlyMemory<byte> document, string source, SignedPriceOptions options, TimeProvider time)
    {
        var kind = new TableContent();
        var content = PriceDocuments.Verify(document, source, kind, Name(options), time);
        return content.GeneratedAt >= kind.NotBefore
            ? (content.GeneratedAt, content.ExpiresAt ?? DateTimeOffset.MaxValue)
            : throw new SignedDocumentException(
                SignedDocumentFault.RollBack,
                $"The request table document was generated at {content.GeneratedAt:u}, before what this version has without any document ({kind.NotBefore:u}). Sign it again with a new date.");
    }
}
