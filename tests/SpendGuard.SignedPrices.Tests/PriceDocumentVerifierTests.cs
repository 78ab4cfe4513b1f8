using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Pricing;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.SignedPrices.Tests;

public class PriceDocumentVerifierTests
{
    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void Verify_GeneratedInTheFuture_IsRefusedBeyondTheSkew(int seconds, bool accepted) =>
        Check(Documents.Plain(Documents.Now.AddSeconds(seconds)), accepted ? null : SignedDocumentFault.Date);

    [Theory]
    [InlineData(-29, true)]
    [InlineData(-30, false)]
    public void Verify_Expired_IsRefusedBeyondTheSkew(int seconds, bool accepted) =>
        Check(
            Documents.Plain(Documents.Now.AddHours(-1), Documents.Now.AddSeconds(seconds)), accepted ? null : SignedDocumentFault.Expiry);

    [Fact]
    public void Verify_WithinTheSkewOfItsExpiry_GivesPricesThatAreInForceUntilThen()
    {
        var book = Verify(Documents.Plain(Documents.Now.AddHours(-1), Documents.Now.AddSeconds(-29)));

        Assert.Equal(Documents.Now.AddSeconds(1), book.ExpiresAt);
        Assert.NotEmpty(book.Find(new ModelKey("openai", "model-a"), Documents.Now, Documents.Now));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Verify_ExpiresNotAfterItWasGenerated_IsRefused(int seconds) =>
        Check(Documents.Plain(Documents.Now, Documents.Now.AddSeconds(seconds)), SignedDocumentFault.Expiry);

    [Fact]
    public void Verify_ExpiryAtTheEndOfTime_IsTaken() => Check(Documents.Plain(expiresAt: DateTimeOffset.MaxValue), null);

    [Theory]
    [InlineData("generated_at", null, SignedDocumentFault.Date)]
    [InlineData("generated_at", "yesterday", SignedDocumentFault.Date)]
    [InlineData("expires_at", null, SignedDocumentFault.Expiry)]
    [InlineData("expires_at", "soon", SignedDocumentFault.Expiry)]
    [InlineData("schema_version", null, SignedDocumentFault.Schema)]
    [InlineData("schema_version", "1.0", SignedDocumentFault.Schema)]
    [InlineData("engine", null, SignedDocumentFault.Engine)]
    [InlineData("rates", null, SignedDocumentFault.Rates)]
    [InlineData("rates", "none", SignedDocumentFault.Rates)]
    public void Verify_FieldMissingOrWrong_IsRefused(string field, string? value, object fault)
    {
        var document = Documents.Plain();
        document[field] = value;

        Check(document, (SignedDocumentFault)fault);
    }

    [Theory]
    [InlineData("spendguard-engine", "0.1.0", "0.1.0", true)]
    [InlineData("spendguard-engine", "0.1", "0.1", true)]
    [InlineData("spendguard-engine", "0", "1", true)]
    [InlineData("spendguard-engine", null, null, true)]
    [InlineData("spendguard-engine", "0.1.1", null, false)]
    [InlineData("spendguard-engine", null, "0.0.9", false)]
    [InlineData("spendguard-engine", "0.1.0-beta", null, false)]
    [InlineData("spendguard-engine", " 0.1.0", null, false)]
    [InlineData("spendguard-engine", "", null, false)]
    [InlineData("another-engine", null, null, false)]
    [InlineData(null, null, null, false)]
    public void Verify_Engine_HasToBeThisOne(string? name, string? least, string? most, bool accepted)
    {
        var document = Documents.Plain();
        document["engine"] = new JsonObject { ["name"] = name, ["min_version"] = least, ["max_version"] = most };

        Check(document, accepted ? null : SignedDocumentFault.Engine);
    }

    [Fact]
    public void Verify_NotGenuine_IsNotInterpreted()
    {
        // Everything else is wrong too; the signature is what is told.
        var document = Documents.Plain(Documents.Now.AddYears(1), Documents.Now.AddYears(-1));
        document["signature"] = Convert.ToBase64String(new byte[64]);

        var refusal = Assert.Throws<SignedDocumentException>(
            () => Checks.Verifier().Verify(SignedDocument.Read(Documents.Bytes(document)), "a test"));
        Assert.Equal(SignedDocumentFault.WrongSignature, refusal.Fault);
    }

    [Fact]
    public void Verify_TurnedOff_AsksForNoSignatureButForAllTheRest()
    {
        var unsigned = Checks.Options();
        unsigned.VerifySignature = false;
        var verifier = Checks.Verifier(unsigned);

        Assert.NotEmpty(verifier.Verify(SignedDocument.Read(Documents.Bytes(Documents.Plain())), "a test").Models);
        var expired = Documents.Bytes(Documents.Plain(Documents.Now.AddHours(-2)));
        Assert.Equal(
            SignedDocumentFault.Expiry,
            Assert.Throws<SignedDocumentException>(() => verifier.Verify(SignedDocument.Read(expired), "a test")).Fault);
    }

    [Fact]
    public void Sign_DocumentWithASignature_ReplacesIt()
    {
        var document = Documents.Plain();
        document["signature"] = "an old one";
        var once = Checks.Sign(document);

        Assert.Equal(once, PriceDocumentSigner.Sign(once, Documents.Keys.Seed.Span));
        Assert.NotEmpty(Checks.Verifier().Verify(SignedDocument.Read(once), "a test").Models);
    }

    [Fact]
    public void Sign_NumbersAndTexts_StayAsTheyStand()
    {
        var signed = Encoding.UTF8.GetString(PriceDocumentSigner.Sign("""{"z":1.00,"y":1E+16,"x":"日🚀"}"""u8.ToArray(), Documents.Keys.Seed.Span));

        Assert.Contains("\"y\": 1E+16,\n  \"z\": 1.00,", signed, StringComparison.Ordinal);
        Assert.Contains("日", signed, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_TwoPairs_AreOfUseAndDiffer()
    {
        var other = PriceKeyPair.Generate();

        Assert.Equal((32, 32), (other.Seed.Length, Convert.FromBase64String(other.PublicKey).Length));
        Assert.NotEqual(Documents.Keys.PublicKey, other.PublicKey);
        Assert.DoesNotContain(Convert.ToBase64String(other.Seed.Span), other.ToString(), StringComparison.Ordinal);
        Assert.Throws<SignedDocumentException>(
            () => Checks.Verifier(Checks.Options(other.PublicKey)).Authenticate(SignedDocument.Read(Documents.Signed())));
    }

    private static void Check(JsonObject document, object? fault)
    {
        var refusal = Record.Exception(() => Verify(document));
        Assert.Equal(fault, (refusal as SignedDocumentException)?.Fault);
        Assert.True(refusal is null or SignedDocumentException, refusal?.ToString());
    }

    private static PriceBook Verify(JsonObject document) =>
        Checks.Verifier().Verify(SignedDocument.Read(Checks.Sign(document)), "a test");
}
