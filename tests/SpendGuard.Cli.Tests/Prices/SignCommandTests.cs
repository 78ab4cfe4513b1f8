using System.Text.Json;
using Snapshooter.Xunit;

namespace SpendGuard.Cli.Tests.Prices;

public sealed class SignCommandTests : IDisposable
{
    private readonly PriceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", 24 * 60)]
    [InlineData(" --expires-in 30m", 30)]
    [InlineData(" --expires-in 90s", 1.5)]
    [InlineData(" --expires-in 7d", 7 * 24 * 60)]
    public async Task Sign_DatesTheDocumentAndIsGoodUntilItExpires(string option, double minutes)
    {
        var publicKey = await _folder.KeygenAsync();
        (await _folder.Cli.RunAsync("prices sign --key prices.key --in prices.json --out signed.json" + option)).Succeeded();
        var verify = $"prices verify --in signed.json --public-key {publicKey}";

        using var signed = JsonDocument.Parse(_folder.Read("signed.json"));
        Assert.Equal(PriceFolder.Start, signed.RootElement.GetProperty("generated_at").GetDateTimeOffset());
        Assert.Equal(PriceFolder.Start.AddMinutes(minutes), signed.RootElement.GetProperty("expires_at").GetDateTimeOffset());
        Assert.Equal("valid", (await _folder.Cli.RunAsync(verify)).Value("verdict"));

        _folder.Time.Advance(TimeSpan.FromMinutes(minutes) + TimeSpan.FromSeconds(31));
        Assert.Contains("fault=expiry", (await _folder.Cli.RunAsync(verify)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_LeavesAllElseAsItStands()
    {
        await _folder.KeygenAsync();

        (await _folder.Cli.RunAsync("prices sign --key prices.key --in prices.json --out signed.json")).Succeeded();

        var signed = _folder.Read("signed.json");
        Assert.Contains("\"input_cents_per_1m\": 15.0,", signed, StringComparison.Ordinal);
        Assert.Contains("\"output_cents_per_1m\": 6e1", signed, StringComparison.Ordinal);
        Assert.Contains("\"note\": \"é\"", signed, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"spendguard-engine\"", signed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_OfASignedDocument_TakesThePlaceOfItsSignature()
    {
        await _folder.KeygenAsync();
        var other = (await _folder.Cli.RunAsync("prices keygen --out other.key")).Value("CAP_PRICING_SIGNING_PUBLIC_KEY");
        (await _folder.Cli.RunAsync("prices sign --key prices.key --in prices.json --out signed.json")).Succeeded();

        (await _folder.Cli.RunAsync("prices sign --key other.key --in signed.json --out signed.json")).Succeeded();

        (await _folder.Cli.RunAsync($"prices verify --in signed.json --public-key {other}")).Succeeded();
    }

    [Theory]
    [InlineData("""{"rates":{}}""", "rates has no model")]
    [InlineData("""{"rates":{"p":{"m":{"input_cents_per_1m":-1,"output_cents_per_1m":1}}}}""", "input_cents_per_1m of p:m is negative (-1)")]
    [InlineData("""{"schema_version":"2","rates":{"p":{"m":{"input_cents_per_1m":1,"output_cents_per_1m":1}}}}""", "schema version 2 and not 1")]
    [InlineData("""{"engine":{"name":"other"},"rates":{"p":{"m":{"input_cents_per_1m":1,"output_cents_per_1m":1}}}}""", "for the engine 'other'")]
    [InlineData("""{"rates":{},"rates":{}}""", "the field 'rates' twice")]
    [InlineData("[]", "is not an object")]
    public async Task Sign_OfWhatASidecarWouldRefuse_IsRefused(string document, string why)
    {
        await _folder.KeygenAsync();
        _folder.Write("prices.json", document);

        var ran = await _folder.Cli.RunAsync("prices sign --key prices.key --in prices.json --out signed.json");

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith("Not signed, because a sidecar would refuse it. ", ran.Error, StringComparison.Ordinal);
        Assert.Contains(why, ran.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf("signed.json")));
    }

    [Theory]
    [InlineData("prices sign --key none.key --in prices.json --out signed.json", "none.key cannot be read (")]
    [InlineData("prices sign --key prices.json --in prices.json --out signed.json", "prices.json is no private key: it has to hold the base64 of 32 bytes.")]
    [InlineData("prices sign --key prices.key --in none.json --out signed.json", "none.json cannot be read (")]
    [InlineData("prices sign --key prices.key --in prices.json --out no/signed.json", "no/signed.json cannot be written (")]
    public async Task Sign_WithoutItsFiles_IsOne(string line, string sentence)
    {
        await _folder.KeygenAsync();

        var ran = await _folder.Cli.RunAsync(line);

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(sentence, ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("h")]
    [InlineData("-1h")]
    [InlineData("59s")]
    [InlineData("367d")]
    [InlineData("99999999999999999999d")]
    public async Task Sign_WithATimeThatIsNone_IsTwo(string time)
    {
        var ran = await _folder.Cli.RunAsync($"prices sign --key prices.key --in prices.json --out signed.json --expires-in={time}");

        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith($"--expires-in is '{time}'; give a time between a minute and a year, such as 30m, 24h or 7d.", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Sign_IsShown(string form)
    {
        var publicKey = await _folder.KeygenAsync();
        var ran = await _folder.At(terminal: form == "terminal")
            .RunAsync("prices sign --key prices.key --in prices.json --out signed.json" + (form == "json" ? " --json" : ""));

        Snapshot.Match(ran.Succeeded().Replace(publicKey, "PUBLICKEY", StringComparison.Ordinal), $"sign-{form}");
    }
}
