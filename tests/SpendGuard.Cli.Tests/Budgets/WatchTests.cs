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

    [Theory]
    [InlineData("budget watch --interval 3600", false, " limited_by=team window=total ")]
    [InlineData("budget watch --interval 3600 --json", false, "\"limited_by\":{\"node\":\"team\",\"window\":\"total\",\"amount_cents\":300,")]
    [InlineData("budget watch --interval 3600", true, "total of group team")]
    public async Task Watch_OfAnAgentWithoutABudget_SaysWhatLimitsIt(string command, bool terminal, string said)
    {
        await _sidecar.Engine.CreateGroupAsync("team");
        await _sidecar.Engine.SetLimitAsync("team", Limit.Total(Money.FromDollars(3)));
        await _sidecar.Engine.SetLimitAsync("team", Limit.PerDay(Money.FromDollars(4)));
        await _sidecar.Engine.CreateAgentAsync("member", under: new NodeId("team"));
        using var stop = new CancellationTokenSource();
        var output = new WatchedWriter();

        var watching = _sidecar.Cli(terminal).RunAsync([.. command.Split(' ')], output, stop.Token);
        await output.UntilAsync("member", times: 1);
        await output.UntilAsync(said, times: 1);
        await stop.CancelAsync();
        Assert.Equal(0, (await watching).ExitCode);
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
