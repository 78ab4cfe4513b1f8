using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.SignedPrices.Tests;

/// <summary>What documents are checked with, and how they are signed whatever they say.</summary>
internal static class Checks
{
    public static SignedPriceOptions Options(string? publicKey = null) =>
        new() { Source = "http://127.0.0.1/", PublicKey = publicKey ?? Documents.Keys.PublicKey };

    public static PriceDocumentVerifier Verifier(SignedPriceOptions? options = null, DateTimeOffset? now = null) =>
        new(options ?? Options(), new FakeTimeProvider(now ?? Documents.Now));

    public static byte[] Sign(JsonNode document) => PriceDocumentSigner.Sign(Documents.Bytes(document), Documents.Keys.Seed.Span);

    public static byte[] Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return CanonicalJson.Write(document.RootElement);
    }
}
