using Snapshooter.Xunit;
using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Cli.Tests.Budgets;

public sealed class WatchTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await RunningSidecar.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData(" --json")]
    public async Task Watch_WhereNoBarCan_TellsEachChangeOnce(string json)
    {
        var agent = await _sidecar.AgentWithBudgetAsync();
        await _sidecar.NamedAgentAsync("poor");
        using var stop = new CancellationTokenSource();
        var output = new WatchedWriter();

        var watching = _sidecar.Cli().RunAsync([.. $"budget watch --interval 0.1{json}".Split(' ')], output, stop.Token);
        await output.UntilAsync("\n", times: 2);
        Assert.Equal(200, await _sidecar.ChatAsync(agent));
        await output.UntilAsync("499999", times: 1);
        await stop.CancelAsync();

        var ran = await watching;
        Assert.Equal(0, ran.ExitCode);
        var settled = ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("run-1", StringComparison.Ordinal) && !line.Contains("in_flight=1", StringComparison.Ordinal));
        Snapshot.Match(Steady.Text(string.Join('\n', settled)), json.Length > 0 ? "watch-json" : "watch-plain");
    }

    [Fact]
    public async Task Watch_OnATerminal_DrawsABarForEachAgent()
    {
        await _sidecar.AgentWithBudgetAsync();
        await _sidecar.NamedAgentAsync("poor");
        using var stop = new CancellationTokenSource();
        var output = new WatchedWriter();

        var watching = _sidecar.Cli(terminal: true).RunAsync(["budget", "watch", "--interval", "3600"], output, stop.Token);
        await output.UntilAsync("poor", times: 1);
        await stop.CancelAsync();

        Snapshot.Match(Steady.Text(await watching));
    }
}
