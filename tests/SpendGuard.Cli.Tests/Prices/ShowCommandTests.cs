using Snapshooter.Xunit;

namespace SpendGuard.Cli.Tests.Prices;

public sealed class ShowCommandTests : IDisposable
{
    private readonly PriceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Cards_AreShown(string form)
    {
        var cli = _folder.At(terminal: form == "terminal");
        var json = form == "json" ? " --json" : "";

        var tiers = await cli.RunAsync("prices show gpt-5.6-luna" + json);
        var changes = await cli.RunAsync("prices show gemini:gemini-4-argon" + json);
        var own = await cli.RunAsync("prices show gpt-4o-mini --in prices.json" + json);

        Snapshot.Match($"{tiers}\n{changes}\n{own}", $"show-{form}");
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task All_AreListed_AtTheirPricesOfNow(string form)
    {
        var cli = _folder.At(terminal: form == "terminal");
        _folder.Write("more.json", """
            {"generated_at":"2026-11-01T00:00:00Z","rates":{
              "p":{"z":{"input_cents_per_1m":1.5,"output_cents_per_1m":3}},
              "b":{"m":{"input_cents_per_1m":1,"output_cents_per_1m":2,"changes":[
                {"effective_from":"2026-11-20T00:00:00Z","input_cents_per_1m":4,"output_cents_per_1m":5},
                {"effective_from":"2026-12-20T00:00:00Z","input_cents_per_1m":6,"output_cents_per_1m":7}]}}}}
            """);

        var listed = await cli.RunAsync("prices show --in more.json" + (form == "json" ? " --json" : ""));

        Snapshot.Match(listed.ToString(), $"show-all-{form}");
    }

    [Theory]
    [InlineData("prices show gpt-5.6-lunar", "gpt-5.6-lunar has no price in the SpendGuard package. The nearest names are openai:gpt-5.6-luna, ")]
    [InlineData("prices show openai:gpt-4o-mni --in prices.json", "openai:gpt-4o-mni has no price in prices.json. The nearest names are openai:gpt-4o-mini.\n")]
    [InlineData("prices show :", ": has no price in the SpendGuard package. All of them: spendguard prices show\n")]
    [InlineData("prices show gpt4o", "gpt4o has no price in the SpendGuard package. The nearest names are openai:gpt-4o, ")]
    [InlineData("prices show claude-sonnet-4", "claude-sonnet-4 has no price in the SpendGuard package. The nearest names are anthropic:claude-sonnet-")]
    [InlineData("prices show openai:claude-haiku-4-5", "openai:claude-haiku-4-5 has no price in the SpendGuard package. The nearest names are anthropic:claude-haiku-4-5, ")]
    [InlineData("prices show m --in two.json", "Several providers have m: name one of p:m, q:m.\n")]
    [InlineData("prices show m --in none.json", "none.json cannot be read (")]
    [InlineData("prices show m --in bad.json", "The prices cannot be used: generated_at is missing. Check --in.\n")]
    public async Task Model_ThatIsNotThere_IsOne(string line, string sentence)
    {
        _folder.Write("two.json", """
            {"generated_at":"2026-11-01T00:00:00Z","rates":{"p":{"m":{"input_cents_per_1m":1,"output_cents_per_1m":1}},"q":{"m":{"input_cents_per_1m":1,"output_cents_per_1m":1}}}}
            """);
        _folder.Write("bad.json", "{}");

        var ran = await _folder.Cli.RunAsync(line);

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(sentence, ran.Error, StringComparison.Ordinal);
    }
}
