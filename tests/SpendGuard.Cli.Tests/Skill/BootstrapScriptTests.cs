using System.Diagnostics;
using SpendGuard.Cli.Tests.Documentation;
using SpendGuard.Cli.Tests.Packaging;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Skill;

/// <summary>The skill's program does what <c>spendguard bootstrap</c> does, to the letter.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class BootstrapScriptTests : IAsyncLifetime
{
    private const string Asked = "--name my-agent --limit 5000 --topup 300";

    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await RunningSidecar.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Script_MakesWhatTheCommandThenFinds()
    {
        var made = await ScriptAsync(Asked);
        var found = await _sidecar.Cli().RunAsync("bootstrap " + Asked);

        Assert.Equal(found, made);
        Assert.Equal("300", made.Value("remaining_cents"));
    }

    [Fact]
    public async Task Script_FindsWhatTheCommandMade()
    {
        var made = await _sidecar.Cli().RunAsync($"bootstrap {Asked} --create-run --json");
        Assert.Equal(200, await _sidecar.ChatAsync(made.Output.Split("\"agent_id\": \"")[1].Split('"')[0]));

        var found = await ScriptAsync(Asked + " --create-run --json");
        var again = await _sidecar.Cli().RunAsync($"bootstrap {Asked} --create-run --json");

        Assert.Equal(Steady.Text(again), Steady.Text(found));
        Assert.Contains("\"remaining_cents\": 299", found.Output, StringComparison.Ordinal);
        Assert.Contains("\"run_id\": ", found.Output, StringComparison.Ordinal);
        Assert.Single((await _sidecar.Cli().RunAsync("agent list")).Succeeded().TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("--name my-agent --limit 900")]
    [InlineData("--name my-agent --limit 5000 --base-url http://127.0.0.1:1")]
    public async Task Script_FailsAsTheCommandDoes(string asked)
    {
        (await _sidecar.Cli().RunAsync("bootstrap " + Asked)).Succeeded();
        var expected = await _sidecar.Cli().RunAsync("bootstrap " + asked);

        var ran = await ScriptAsync(asked);

        Assert.Equal(1, expected.ExitCode);
        Assert.Equal(expected, ran);
    }

    [Theory]
    [InlineData("--name my-agent", "Option '--limit' is required.\n")]
    [InlineData("--name my-agent --limit many", "'many' is no whole number")]
    [InlineData("--name other --limit 0", "--limit is at least 1 cent.\n")]
    [InlineData("--name other --limit 5 --topup -1", "--topup is at least 0 cents.\n")]
    [InlineData("--nmae my-agent", "Unrecognized argument '--nmae'.\n")]
    public async Task Script_WithWrongArguments_IsTwo(string asked, string sentence)
    {
        var ran = await ScriptAsync(asked);

        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(sentence, ran.Error, StringComparison.Ordinal);
        Assert.Equal("(no agents)\n", (await _sidecar.Cli().RunAsync("agent list")).Succeeded());
    }

    private async Task<Ran> ScriptAsync(string asked)
    {
        var script = Repository.Path("skills", "spendguard-strict-budget-runner", "scripts", "bootstrap_strict_budget.cs");
        var start = new ProcessStartInfo("dotnet", ["run", script, "--", .. asked.Split(' ')]);
        start.WithoutSettings();
        start.Environment["CAP_BASE_URL"] = _sidecar.Address;
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment.Remove("MSBuildSDKsPath");
        var (exitCode, output, error) = await PackedTool.RunAsync(start);
        return new Ran(exitCode, output, error);
    }
}
