using System.Text.Encodings.Web;
using System.Text.Json;
using NSec.Cryptography;

namespace SpendGuard.Sidecar.SignedPrices;

/// <summary>Signs price documents.</summary>
internal static class PriceDocumentSigner
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Signs a document, in place of any signature that it has.</summary>
    /// <param name="document">The document in UTF-8.</param>
    /// <param name="seed">The private key, 32 bytes.</param>
    /// <returns>The document with its signature, indented, its keys sorted.</returns>
    /// <exception cref="PriceDocumentException">The document is not a JSON object that can be signed.</exception>
    /// <exception cref="FormatException">The private key is not one.</exception>
    public static byte[] Sign(ReadOnlyMemory<byte> document, ReadOnlySpan<byte> seed)
    {
        var canonical = PriceDocument.Read(document).Canonical;
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

            writer.WriteBase64String(PriceDocument.SignatureField, signature);
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
        return output.ToArray();
    }
}
