using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.SignedPrices.Tests;

public class VectorTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "vectors");

    /// <summary>What is wrong with each document, and what the refusal has to speak of.</summary>
    private static readonly Dictionary<string, (SignedDocumentFault Fault, string Sentence)> Invalid = new()
    {
        ["invalid-duplicate-key.json"] = (SignedDocumentFault.DuplicateKey, "the field 'rates' twice"),
        ["invalid-engine-too-old.json"] = (SignedDocumentFault.Engine, "at least version 99.0.0"),
        ["invalid-expired.json"] = (SignedDocumentFault.Expiry, "has expired"),
        ["invalid-generated-in-future.json"] = (SignedDocumentFault.Date, "generated in the future, at 2098-01-01 00:00:00Z"),
        ["invalid-missing-signature.json"] = (SignedDocumentFault.MissingSignature, "has no signature"),
        ["invalid-negative-rate.json"] = (SignedDocumentFault.Rates, "input_cents_per_1m of openai:gpt-4o-mini is negative (-15)"),
        ["invalid-no-rates.json"] = (SignedDocumentFault.Rates, "rates has no model"),
        ["invalid-schema-version.json"] = (SignedDocumentFault.Schema, "schema version 2 and not 1"),
        ["invalid-signature-not-base64.json"] = (SignedDocumentFault.MalformedSignature, "not the base64 of 64 bytes"),
        ["invalid-signature-short.json"] = (SignedDocumentFault.MalformedSignature, "not the base64 of 64 bytes"),
        ["invalid-tampered-expiry.json"] = (SignedDocumentFault.WrongSignature, "changed after it was signed"),
        ["invalid-tampered-rate.json"] = (SignedDocumentFault.WrongSignature, "changed after it was signed"),
        ["invalid-wrong-key.json"] = (SignedDocumentFault.WrongSignature, "signed with another key"),
    };

    public static TheoryData<string> ValidFiles => [.. Files("valid-*.json")];

    public static TheoryData<string> InvalidFiles => [.. Files("invalid-*.json")];

    [Theory]
    [MemberData(nameof(ValidFiles))]
    public void Verify_ValidDocument_GivesItsPrices(string file)
    {
        var book = Verify(file);

        Assert.Contains(new SpendGuard.Pricing.ModelKey("openai", "gpt-4o-mini"), book.Models);
        Assert.Equal(new DateTimeOffset(2026, 2, 15, 12, 0, 0, TimeSpan.Zero), book.GeneratedAt);
    }

    [Theory]
    [MemberData(nameof(InvalidFiles))]
    public void Verify_InvalidDocument_IsRefusedForItsReason(string file)
    {
        var refusal = Assert.Throws<SignedDocumentException>(() => Verify(file));

        Assert.Equal(Invalid[file].Fault, refusal.Fault);
        Assert.Contains(Invalid[file].Sentence, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Vectors_AreAllThere()
    {
        Assert.Equal(4, ValidFiles.Count);
        Assert.Equal(Invalid.Keys.Order(), Files("invalid-*.json").Order());
    }

    private static IEnumerable<string> Files(string pattern) => Directory.GetFiles(Folder, pattern).Select(path => Path.GetFileName(path)!);

    private static SpendGuard.Pricing.PriceBook Verify(string file)
    {
        var publicKey = File.ReadAllText(Path.Combine(Folder, "public-key.txt"));
        var document = SignedDocument.Read(File.ReadAllBytes(Path.Combine(Folder, file)));
        return Checks.Verifier(Checks.Options(publicKey)).Verify(document, file);
    }
}
