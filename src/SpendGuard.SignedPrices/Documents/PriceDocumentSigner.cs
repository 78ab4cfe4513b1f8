using System.Text.Encodings.Web;
using System.Text.Json;
using NSec.Cryptography;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>Dates and signs price documents.</summary>
internal static class PriceDocumentSigner
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Stamped = ["generated_at", "expires_at", SignedDocument.SignatureField];

    /// <summary>Dates a document, and says who it is for where it does not. All else stays as it stands, numbers digit by digit.</summary>
    /// <exception cref="SignedDocumentException">The document is not a JSON object that can be signed.</exception>
    public static byte[] Stamp(ReadOnlyMemory<byte> document, DateTimeOffset generatedAt, DateTimeOffset expiresAt)
    {
        using var fields = JsonDocument.Parse(SignedDocument.Read(document).Canonical);
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var field in fields.RootElement.EnumerateObject().Where(field => !Stamped.Contains(field.Name, StringComparer.Ordinal)))
            {
                field.WriteTo(writer);
            }

            if (!fields.RootElement.TryGetProperty("schema_version", out _))
            {
                writer.WriteString("schema_version", "1");
            }

            if (!fields.RootElement.TryGetProperty("engine", out _))
            {
                writer.WriteStartObject("engine");
                writer.WriteString("name", SignedDocument.ThisEngine);
                writer.WriteEndObject();
            }

            writer.WriteString("generated_at", generatedAt);
            writer.WriteString("expires_at", expiresAt);
            writer.WriteEndObject();
        }

        return output.ToArray();
    }

    /// <summary>Signs a document, in place of any signature that it has.</summary>
    /// <param name="document">The document in UTF-8.</param>
    /// <param name="seed">The private key, 32 bytes.</param>
    /// <returns>The document with its signature, indented, its keys sorted.</returns>
    /// <exception cref="SignedDocumentException">The document is not a JSON object that can be signed.</exception>
    /// <exception cref="FormatException">The private key is not one.</exception>
    public static byte[] Sign(ReadOnlyMemory<byte> document, ReadOnlySpan<byte> seed)
    {
        var canonical = SignedDocument.Read(document).Canonical;
        using var key = Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey);
        var signature = SignatureAlgorithm.Ed25519.Sign(key, canonical.Span);

        using var fields = JsonDocument.Parse(canonical);
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, Layout))
        {
            writer.WriteStartObject();
            foreach (var field in fields.RootElement.EnumerateObject())
            {
                field.WriteTo(writer);
            }

            writer.WriteBase64String(SignedDocument.SignatureField, signature);
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
        return output.ToArray();
    }
}
