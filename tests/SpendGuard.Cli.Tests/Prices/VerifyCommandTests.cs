using Snapshooter.Xunit;

namespace SpendGuard.Cli.Tests.Prices;

public sealed class VerifyCommandTests : IDisposable
{
    private static readonly string Vectors = PriceFolder.Sample("vectors");

    /// <summary>The first thing that is wrong with each document.</summary>
    private static readonly Dictionary<string, string> Faults = new(StringComparer.Ordinal)
    {
        ["invalid-duplicate-key.json"] = "duplicate_key",
        ["invalid-engine-too-old.json"] = "engine",
        ["invalid-expired.json"] = "expiry",
        ["invalid-generated-in-future.json"] = "date",
        ["invalid-missing-signature.json"] = "unsigned",
        ["invalid-negative-rate.json"] = "rates",
        ["invalid-no-rates.json"] = "rates",
        ["invalid-schema-version.json"] = "schema",
        ["invalid-signature-not-base64.json"] = "malformed_signature",
        ["invalid-signature-short.json"] = "malformed_signature",
        ["invalid-tampered-expiry.json"] = "wrong_signature",
        ["invalid-tampered-rate.json"] = "wrong_signature",
        ["invalid-wrong-key.json"] = "wrong_signature",
    };

    private readonly PriceFolder _folder = new();

    public static TheoryData<string> Documents => [.. Directory.GetFiles(Vectors, "*.json").Select(path => Path.GetFileName(path)).Order()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Verify_OfAVector_IsItsVerdict(string file)
    {
        var key = (await File.ReadAllTextAsync(Path.Combine(Vectors, "public-key.txt"))).Trim();

        var ran = await new Cli { Folder = Vectors }.RunAsync($"prices verify --in {file} --public-key {key}");

        var lines = ran.Output.Split('\n');
        Assert.Equal("", ran.Error);
        Assert.Equal(file.StartsWith("valid-", StringComparison.Ordinal) ? (0, "verdict=valid") : (1, "verdict=invalid"), (ran.ExitCode, lines[0]));
        Assert.Equal($"source={file}", lines[1]);
        Assert.Equal(Faults.GetValueOrDefault(file), lines.FirstOrDefault(line => line.StartsWith("fault=", StringComparison.Ordinal))?["fault=".Length..]);
    }

    [Fact]
    public void Vectors_AreAllThere() => Assert.Equal(Faults.Count + 4, Documents.Count);

    [Fact]
    public async Task Verify_TakesTheKeyOfTheEnvironment()
    {
        var publicKey = await _folder.KeygenAsync();
        (await _folder.Cli.RunAsync("prices sign --key prices.key --in prices.json --out signed.json")).Succeeded();

        Assert.Equal(1, (await _folder.Cli.RunAsync("prices verify --in signed.json")).ExitCode);
        _folder.Cli.Variables["CAP_PRICING_SIGNING_PUBLIC_KEY"] = publicKey;
        (await _folder.Cli.RunAsync("prices verify --in signed.json")).Succeeded();
    }

    [Fact]
    public async Task Verify_AsksWhatASidecarWithThisEnvironmentWould()
    {
        var publicKey = await _folder.KeygenAsync();
        (await _folder.Cli.RunAsync("prices sign --key prices.key --in prices.json --out signed.json")).Succeeded();

        _folder.Cli.Variables["CAP_PRICING_SCHEMA_VERSION"] = "2";
        var ran = await _folder.Cli.RunAsync($"prices verify --in signed.json --public-key {publicKey}");

        Assert.Contains("fault=schema", ran.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.json", "The price document cannot be read (", "Check --in.\n")]
    [InlineData("http://127.0.0.1:1/prices", "The price server cannot be reached (", "Check --in.\n")]
    public async Task Verify_WithoutADocument_IsOneAndNoVerdict(string source, string start, string end)
    {
        var ran = await _folder.Cli.RunAsync($"prices verify --in {source}");

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(start, ran.Error, StringComparison.Ordinal);
        Assert.EndsWith(end, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WithAKeyThatIsNone_IsTwo()
    {
        var ran = await _folder.Cli.RunAsync("prices verify --in prices.json --public-key none");

        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.Contains("CAP_PRICING_SIGNING_PUBLIC_KEY is 'none'", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Verdicts_AreShown(string form)
    {
        var key = (await File.ReadAllTextAsync(Path.Combine(Vectors, "public-key.txt"))).Trim();
        var cli = new Cli { Folder = Vectors, IsTerminal = form == "terminal" };
        var json = form == "json" ? " --json" : "";

        var valid = await cli.RunAsync($"prices verify --in valid-basic.json --public-key {key}{json}");
        var invalid = await cli.RunAsync($"prices verify --in invalid-tampered-rate.json --public-key {key}{json}");

        Snapshot.Match($"{valid}\n{invalid}", $"verify-{form}");
    }
}
