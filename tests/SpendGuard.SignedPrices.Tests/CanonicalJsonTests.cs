using System.Text;
using CsCheck;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.SignedPrices.Tests;

public class CanonicalJsonTests
{
    private static readonly Gen<string> Scalar = Gen.OneOf(
        AnyOf("true", "false", "null", "0", "-0", "-0.5", "1.0", "1.00", "1e-07", "1E+16", "123456789012345678901234567890"),
        Gen.Int.Select(number => number.ToString()),
        Gen.String[AnyOf('a', 'Z', '"', '\\', '/', '\n', '\t', '\u0001', '\u001f', '\u007f', 'é', '\u2028', '日', '\uffff'), 0, 8].Select(Quote),
        AnyOf("\"\\ud83d\\ude80\"", "\"\\u0041\\/\"", "\"🚀\""));

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData(" [ ] ", "[]")]
    [InlineData("""{"b":1,"a":[{"d":null,"c":true},false]}""", """{"a":[{"c":true,"d":null},false],"b":1}""")]
    [InlineData("""{"B":1,"a":2,"A":3,"":4,"ab":5}""", """{"":4,"A":3,"B":1,"a":2,"ab":5}""")]
    [InlineData("""[1.0, 1.00, 1, -0, 1e-07, 1E+16, 1e16, 123456789012345678901234567890, 0.10]""", """[1.0,1.00,1,-0,1e-07,1E+16,1e16,123456789012345678901234567890,0.10]""")]
    [InlineData("\"\\u0041\\/\\u00e9\"", "\"A/é\"")]
    [InlineData("\"\\\"\\\\\\b\\f\\n\\r\\t\"", "\"\\\"\\\\\\b\\f\\n\\r\\t\"")]
    [InlineData("\"\\u000a\\u0008\\u001F\\u0000\\u000B\"", "\"\\n\\b\\u001f\\u0000\\u000b\"")]
    [InlineData("\"\\u007f\\u0080\\u2028\\u2029 <>&'+\"", "\"\u007f\u0080\u2028\u2029 <>&'+\"")]
    [InlineData("\"\\ud83e\\uddd1\\u200d\\ud83d\\ude80\"", "\"🧑\u200d🚀\"")]
    public void Write_IsAsPythonWouldWriteIt(string json, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(Checks.Canonical(json)));

    [Fact]
    public void Write_KeysBeyondTheBasicPlane_AreInTheOrderOfCodePoints()
    {
        // In UTF-16 the rocket (D83D DE80) would stand before the private-use character (E000).
        var canonical = Checks.Canonical("{\"\U0001F680\":1,\"\uE000\":2,\"\uFFFD\":3,\"z\":4}");

        Assert.Equal("{\"z\":4,\"\uE000\":2,\"\uFFFD\":3,\"\U0001F680\":1}", Encoding.UTF8.GetString(canonical));
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""")]
    [InlineData("""{"a":1,"\u0061":1}""")]
    [InlineData("""{"x":[{"b":{"a":1,"c":2,"a":3}}]}""")]
    [InlineData("""{"signature":"a","signature":"b"}""")]
    public void Read_FieldTwice_IsRefused(string json)
    {
        var refusal = Assert.Throws<SignedDocumentException>(() => SignedDocument.Read(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(SignedDocumentFault.DuplicateKey, refusal.Fault);
    }

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":"\udc00\ud800"}""")]
    [InlineData("""{"\ud83d":1}""")]
    [InlineData("""{"signature":"\ud83d"}""")]
    public void Read_HalfOfASurrogatePair_IsRefused(string json)
    {
        var refusal = Assert.Throws<SignedDocumentException>(() => SignedDocument.Read(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(SignedDocumentFault.BrokenText, refusal.Fault);
    }

    [Fact]
    public void Read_BytesThatAreNotUtf8_IsRefused()
    {
        var refusal = Assert.Throws<SignedDocumentException>(() => SignedDocument.Read("{\"a\":\""u8.ToArray().Append((byte)0xc3).Concat("\"}"u8.ToArray()).ToArray()));

        Assert.Equal(SignedDocumentFault.BrokenText, refusal.Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("<html>")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{} {}")]
    public void Read_WhatIsNoObject_IsRefused(string json)
    {
        var refusal = Assert.Throws<SignedDocumentException>(() => SignedDocument.Read(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(SignedDocumentFault.NotJson, refusal.Fault);
    }

    [Fact]
    public void Write_OfWhatWasWritten_IsTheSame() => Value(3).Sample(json =>
    {
        var once = Checks.Canonical(json);
        Assert.Equal(once, Checks.Canonical(Encoding.UTF8.GetString(once)));
    });

    [Fact]
    public void Sign_AnyDocument_VerifiesInAnyLayout() => Document.Sample(json =>
    {
        var signed = SignedDocument.Read(PriceDocumentSigner.Sign(Encoding.UTF8.GetBytes(json), Documents.Keys.Seed.Span));
        var asWritten = SignedDocument.Read(Encoding.UTF8.GetBytes(WithSignature(json, signed.Signature!)));

        Checks.Verifier().Authenticate(signed);
        Checks.Verifier().Authenticate(asWritten);
    });

    [Fact]
    public void Authenticate_AfterAnyChangeOfAByte_Fails() => Gen.Select(Document, Gen.Int[0, int.MaxValue], Gen.Int[0, 7]).Sample((json, at, bit) =>
    {
        var signed = SignedDocument.Read(PriceDocumentSigner.Sign(Encoding.UTF8.GetBytes(json), Documents.Keys.Seed.Span));
        var changed = signed.Canonical.ToArray();
        changed[at % changed.Length] ^= (byte)(1 << bit);

        // The hexadecimal digits of an escape may be of either case; nothing else can change without changing what is said.
        var refusal = Record.Exception(() => Checks.Verifier().Authenticate(Read(changed, signed)));
        Assert.True(refusal is SignedDocumentException || Read(changed, signed).Canonical.Span.SequenceEqual(signed.Canonical.Span));
    });

    private static Gen<string> Document { get; } =
        Value(3).Array[0, 4].Select(values => Object(values.Select((value, i) => ($"key {i % 3}{i}", value))));

    private static Gen<string> Value(int depth) => depth == 0 ? Scalar : Gen.OneOf(
        Scalar,
        Value(depth - 1).Array[0, 3].Select(items => $"[ {string.Join(" ,\n", items)} ]"),
        Value(depth - 1).Array[0, 3].Select(items => Object(items.Select((item, i) => ($"{"zÄ日"[i % 3]}{i}", item)).Reverse())));

    private static string Object(IEnumerable<(string Name, string Value)> fields) =>
        $"{{{string.Join(",", fields.Select(field => $" {Quote(field.Name)} :{field.Value}"))}}}";

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string WithSignature(string json, string signature) =>
        $"{{\"signature\":{Quote(signature)}{(json == "{}" ? "" : ",")}{json[1..]}";

    private static SignedDocument Read(byte[] changed, SignedDocument signed) =>
        SignedDocument.Read(changed) with { Signature = signed.Signature };
}
