using System.Text.Encodings.Web;
using System.Text.Json;
using NSec.Cryptography;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.SignedPrices;

namespace SpendGuard.Cli.Prices;

/// <summary>Dates and signs a price document. What a sidecar would refuse is not signed.</summary>
internal static class PriceSigning
{
    private const string Source = "the document to sign";

    private static readonly string[] Stamped = ["generated_at", "expires_at", PriceDocument.SignatureField];

    /// <summary>Signs a document as of a moment, in place of any dates and signature that it has.</summary>
    /// <param name="document">The document in UTF-8.</param>
    /// <param name="keys">The key pair.</param>
    /// <param name="settings">What a sidecar asks of a document.</param>
    /// <param name="now">The date that it gets.</param>
    /// <param name="expiresIn">How long from then the prices may be used.</param>
    /// <returns>The document, and its prices.</returns>
    /// <exception cref="PriceDocumentException">A sidecar would refuse the document.</exception>
    public static (byte[] Document, PriceBook Book) Sign(
        ReadOnlyMemory<byte> document, PriceKeyPair keys, PriceSettings settings, DateTimeOffset now, TimeSpan expiresIn)
    {
        var signed = PriceDocumentSigner.Sign(Stamp(PriceDocument.Read(document), now, now + expiresIn), keys.Seed);
        var own = settings with { PublicKey = PublicKey.Import(SignatureAlgorithm.Ed25519, keys.PublicKey, KeyBlobFormat.RawPublicKey) };
        new PriceDocumentVerifier(own, new At(now)).Verify(PriceDocument.Read(signed), Source);
        return (signed, PriceBook.Parse(signed, Source));
    }

    /// <summary>The dates, and who the document is for where it does not say. All else stays as it stands, numbers digit by digit.</summary>
    private static byte[] Stamp(PriceDocument document, DateTimeOffset generatedAt, DateTimeOffset expiresAt)
    {
        using var fields = JsonDocument.Parse(document.Canonical);
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
                writer.WriteString("name", PriceDocumentVerifier.EngineName);
                writer.WriteEndObject();
            }

            writer.WriteString("generated_at", generatedAt);
            writer.WriteString("expires_at", expiresAt);
            writer.WriteEndObject();
        }

        return output.ToArray();
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
