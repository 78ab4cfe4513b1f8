namespace SpendGuard.Cli.Tests.Prices;

/// <summary>A field of a price document that is misspelt has no effect; whoever signs it is told.</summary>
public sealed class NotUnderstoodTests : IDisposable
{
    private readonly PriceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"outptu_cents_per_1m\":9", "p:m outptu_cents_per_1m")]
    [InlineData("\"service_tiers\":{\"fast\":{\"input_factor\":2,\"output_factor\":2,\"cache_factor\":2}}", "p:m service_tiers.fast.cache_factor")]
    [InlineData("\"context_tiers\":[{\"threshold_tokens\":5,\"input_cents_per_1m\":2,\"output_cents_per_1m\":2,\"treshold\":1}]", "p:m context_tiers.treshold")]
    [InlineData("\"changes\":[{\"effective_from\":\"2030-01-01T00:00:00Z\",\"input_cent_per_1m\":2}]", "p:m changes.input_cent_per_1m")]
    public async Task Field_IsNamed_WhenItIsSignedAndVerified(string field, string told)
    {
        var key = await _folder.KeygenAsync();
        _folder.Write("prices.json", "{\"rates\":{\"p\":{\"m\":{\"input_cents_per_1m\":1,\"output_cents_per_1m\":1," + field + "}}}}");

        var signed = await _folder.Cli.RunAsync("prices sign --key prices.key --in prices.json --out signed.json");
        var verified = await _folder.Cli.RunAsync($"prices verify --in signed.json --public-key {key}");
        var json = await _folder.Cli.RunAsync($"prices verify --in signed.json --public-key {key} --json");

        Assert.EndsWith($"\nnot_understood={told}\n", signed.Succeeded(), StringComparison.Ordinal);
        Assert.EndsWith($"\nnot_understood={told}\n", verified.Succeeded(), StringComparison.Ordinal);
        Assert.Contains($"\"{told}\"", json.Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Field_OfTheDocument_IsNamedToo()
    {
        await _folder.KeygenAsync();
        _folder.Write("prices.json", """{"expire_at":"2030-01-01T00:00:00Z","rates":{"p":{"m":{"input_cents_per_1m":1,"output_cents_per_1m":1}}}}""");

        var signed = await _folder.Cli.RunAsync("prices sign --key prices.key --in prices.json --out signed.json");

        Assert.EndsWith("\nnot_understood=expire_at\n", signed.Succeeded(), StringComparison.Ordinal);
    }
}
