using Snapshooter.Xunit;
using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Cli.Tests.Agents;

public sealed class AgentCommandTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await RunningSidecar.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Agents_AreShown(string form)
    {
        var cli = _sidecar.Cli(terminal: form == "terminal");
        var json = form == "json" ? " --json" : "";
        var none = await cli.RunAsync("agent list" + json);
        var created = await cli.RunAsync("agent create --name researcher" + json);
        var unnamed = (await _sidecar.Cli().RunAsync("agent create")).Value("agent_id");
        var list = await cli.RunAsync("agent list" + json);
        var got = await cli.RunAsync($"agent get --agent {unnamed}{json}");
        var renamed = await cli.RunAsync(["agent", "rename", "--agent", unnamed, "--name", "two words", .. json.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var deleted = await cli.RunAsync($"agent delete --agent {unnamed}{json}");

        Snapshot.Match(Steady.Text(string.Join('\n', none, created, list, got, renamed, deleted)), $"agents-{form}");
    }

    [Fact]
    public async Task Options_StandBeforeOrAfterTheCommand()
    {
        var before = await new Cli().RunAsync($"agent --base-url {_sidecar.Address} --json list");
        var after = await new Cli().RunAsync($"agent list --json --base-url {_sidecar.Address}/");

        Assert.Equal(before.Succeeded(), after.Succeeded());
    }

    [Fact]
    public async Task Json_IsIndentedAndSortedAndWhatTheSidecarAnswered()
    {
        await _sidecar.NamedAgentAsync("Zoë");

        var listed = await _sidecar.Cli().RunAsync("agent list --json");

        Assert.Matches(
            "^{\n  \"agents\": \\[\n    {\n      \"agent_id\": \"[^\"]+\",\n      \"created_at\": \"[^\"]+\",\n      \"name\": \"Zoë\",\n      \"paused\": null,\n      \"paused_above\": null,\n      \"under\": null\n    }\n  ]\n}\n$",
            listed.Succeeded());
    }
}
