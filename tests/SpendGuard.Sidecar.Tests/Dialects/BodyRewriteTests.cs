using System.Text;
using System.Text.Json;
using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar.Tests.Dialects;

public sealed class BodyRewriteTests
{
    private static readonly string[] Kept = ["b", "d"];

    [Fact]
    public void Replace_LooksAtEachFieldOnce()
    {
        const int Fields = 1_000;
        using var body = JsonDocument.Parse($"{{{string.Join(',', Enumerable.Range(0, Fields).Select(field => $"\"f{field}\":{field}"))}}}");
        var looks = 0;

        var copy = BodyRewrite.Replace(
            body.RootElement,
            name =>
            {
                looks++;
                return name != "f7";
            },
            writer => writer.WriteNumber("new", 1));

        Assert.Equal(Fields, looks);
        Assert.Equal("{\"f7\":7,\"new\":1}", Encoding.UTF8.GetString(copy.Span));
    }

    [Fact]
    public void Keep_KeepsTheBytesOfWhatIsNamed()
    {
        using var body = JsonDocument.Parse("""{"a":1,"b":1.50,"c":"x","d":{"a": [1, 2]}}""");

        Assert.Equal("""{"b":1.50,"d":{"a": [1, 2]}}""", Encoding.UTF8.GetString(BodyRewrite.Keep(body.RootElement, Kept).Span));
    }
}
