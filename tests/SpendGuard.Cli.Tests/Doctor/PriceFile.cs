using System.Text;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Cli.Tests.Doctor;

/// <summary>A signed price document on disk.</summary>
internal sealed class PriceFile : IDisposable
{
    private readonly PriceKeyPair _key = PriceKeyPair.Generate();
    private readonly string _path = Path.GetTempFileName();

    public PriceFile(DateTimeOffset generatedAt, TimeSpan usableFor)
    {
        const string document = """
            {"schema_version":"1","engine":{"name":"spendguard-engine","min_version":"0.1.0","max_version":"9.9.9"},
             "rates":{"openai":{"gpt-4o-mini":{"input_cents_per_1m":15,"output_cents_per_1m":60,"max_output_tokens":16384}}}}
            """;
        File.WriteAllBytes(_path, PriceDocuments.Sign(Encoding.UTF8.GetBytes(document), _key, generatedAt, generatedAt + usableFor));
    }

    public (string, string?)[] Settings =>
    [
        ("CAP_PRICING_SOURCE", "file"), ("CAP_PRICING_FILE", _path), ("CAP_PRICING_SIGNING_PUBLIC_KEY", _key.PublicKey),
    ];

    public void Dispose() => File.Delete(_path);
}
