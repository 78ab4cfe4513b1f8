using Snapshooter.Xunit;

namespace SpendGuard.Cli.Tests.Prices;

public sealed class ImportCommandTests : IDisposable
{
    private const string Map = """
        {"openai":{"models":{
          "gpt-4o-mini":{"cost":{"input":0.15,"output":0.7},"limit":{"context":128000,"output":16384}},
          "gpt-new":{"cost":{"input":1,"output":2,"cache_write":0}},
          "gpt-latest":{"cost":{"input":1,"output":2}}}}}
        """;

    private readonly PriceFolder _folder = new();

    public ImportCommandTests() => _folder.Write("api.json", Map);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Import_IsShown(string form)
    {
        var ran = await _folder.At(terminal: form == "terminal")
            .RunAsync("prices import --from models.dev --in api.json --against prices.json" + (form == "json" ? " --json" : ""));

        Snapshot.Match(ran.Succeeded(), $"import-{form}");
    }

    [Theory]
    [InlineData("litellm", "litellm.json", "openai:gpt-tiers")]
    [InlineData("models.dev", "models.dev.json", "openai:gpt-fast")]
    public async Task Import_WithOut_WritesADocumentThatCanBeSigned(string from, string map, string model)
    {
        await _folder.KeygenAsync();
        File.Copy(PriceFolder.Sample("maps", map), _folder.PathOf("map.json"));

        (await _folder.Cli.RunAsync($"prices import --from {from} --in map.json --out prices.json")).Succeeded();
        (await _folder.Cli.RunAsync("prices sign --key prices.key --in prices.json --out signed.json")).Succeeded();

        Assert.Equal(model, (await _folder.Cli.RunAsync($"prices show {model} --in signed.json")).Value("model"));
    }

    [Fact]
    public async Task Import_ComparesWithTheBundledBookUnlessToldOtherwise()
    {
        var output = (await _folder.Cli.RunAsync("prices import --from models.dev --in api.json")).Succeeded();

        Assert.Contains("differs model=openai:gpt-4o-mini field=output_cents_per_1m before=60 after=70\n", output, StringComparison.Ordinal);
        Assert.Contains("differs model=openai:o3 field= before=priced after=\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_ReadsOtherProvidersWhenAsked()
    {
        File.Copy(PriceFolder.Sample("maps", "litellm.json"), _folder.PathOf("map.json"));

        (await _folder.Cli.RunAsync("prices import --from litellm --in map.json --out prices.json --provider azure --provider bedrock")).Succeeded();

        (await _folder.Cli.RunAsync("prices show azure:gpt-plain --in prices.json")).Succeeded();
        (await _folder.Cli.RunAsync("prices show bedrock:us-east-1/claude-long --in prices.json")).Succeeded();
    }

    [Theory]
    [InlineData("--from models.dev --in none.json", 1, "none.json cannot be read (")]
    [InlineData("--from litellm --in api.json", 1, "The prices cannot be used: LiteLLM's price map has no model")]
    [InlineData("--from models.dev --in api.json --against api.json", 1, "The prices cannot be used: generated_at is missing. Check --against.")]
    [InlineData("--from other --in api.json", 2, "Argument 'other' not recognized.")]
    [InlineData("--in api.json", 2, "Option '--from' is required.")]
    public async Task Import_ThatCannotBe_SaysWhy(string options, int exitCode, string sentence)
    {
        var ran = await _folder.Cli.RunAsync("prices import " + options);

        Assert.Equal((exitCode, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(sentence, ran.Error, StringComparison.Ordinal);
    }
}
