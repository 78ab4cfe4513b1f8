using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Alerts;

/// <summary>Alerts on the command line.</summary>
public sealed class AlertCommandTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await RunningSidecar.StartAsync(_time);
        await RunAsync("group create team-red");
        await RunAsync("group create team-blue");
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Alerts_AreListed_AndReplayed()
    {
        Assert.Equal("(no alerts)\n", await RunAsync("alerts list"));
        await RunAsync("pause team-red");
        await RunAsync("pause team-blue");
        await Eventually.HoldsAsync(async () => (await RunAsync("alerts list")).Split("waits_for= ").Length == 3);

        var lines = (await RunAsync("alerts list")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("at=2026-11-27T12:00:00Z id=evt_", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(
            "type=spendguard.node.paused node=team-blue waits_for= message='team-blue' is paused by local. No call is made under it until it is resumed.", lines[0], StringComparison.Ordinal);
        var red = JsonNode.Parse(await RunAsync("alerts list --node team-red --json"))!["alerts"]!.AsArray().Single()!;

        Assert.Equal("replayed=1\n", await RunAsync($"alerts replay {red["id"]}"));
        Assert.Equal("replayed=2\n", await RunAsync("alerts replay --since 2026-11-27"));
        Assert.Equal("replayed=0\n", await RunAsync("alerts replay --since 2026-11-28"));
    }

    [Fact]
    public async Task Alerts_OnATerminal_AreATable()
    {
        await RunAsync("pause team-red");

        var table = (await Cli(isTerminal: true).RunAsync("alerts list --limit 1")).Succeeded();

        Assert.Contains("'team-red' is paused by local", table, StringComparison.Ordinal);
        Assert.Contains("log", table, StringComparison.Ordinal);
    }

    /// <summary>An id is copied to a replay: it stands on one line, as the type does.</summary>
    [Fact]
    public async Task Alerts_OnATerminalOfEightyColumns_HaveWholeIdsAndTypes()
    {
        await RunAsync(["pause", "team-red", "--reason", "It repeats itself, and has been told not to by everybody who looked at it"]);
        var id = (string)JsonNode.Parse(await RunAsync("alerts list --json"))!["alerts"]![0]!["id"]!;

        var lines = (await new Cli { IsTerminal = true, Width = 80, Time = _time, Variables = { ["CAP_BASE_URL"] = _sidecar.Address } }.RunAsync("alerts list")).Succeeded().Split('\n');

        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains(lines, line => line.Contains(id, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("spendguard.node.paused ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--alert-at 90,50", "[50,90]")]
    [InlineData("--alert-at ,", "[]")]
    [InlineData("", "[80,100]")]
    public async Task Limit_AlertsWhereItIsSaid(string option, string shown)
    {
        await RunAsync("limit set team-red --per day --amount-cents 100 --alert-at 1");

        var limit = JsonNode.Parse(await RunAsync($"limit set team-red --per day --amount-cents 100 {option} --json"))!;

        Assert.Equal(shown, limit["alert_at"]!.ToJsonString());
    }

    [Theory]
    [InlineData("alerts replay", 2, "Give the id of an alert, or --since with a time.")]
    [InlineData("alerts replay evt_1 --since 2026-11-27", 2, "Give the id of an alert, or --since with a time.")]
    [InlineData("alerts replay evt_1", 1, "HTTP 404: Alert not found")]
    [InlineData("alerts replay --since yesterday", 2, "--since is 'yesterday'; give a day such as 2026-11-01")]
    [InlineData("limit set team-red --per day --amount-cents 1 --alert-at half", 2, "--alert-at is 'half'; give whole numbers")]
    [InlineData("limit set team-red --per day --amount-cents 1 --alert-at 101", 1, "'alert_at' has to be a list of up to 8 whole numbers from 1 to 100.")]
    public async Task WhatCannotBe_IsRefusedInASentence(string command, int exitCode, string sentence)
    {
        var ran = await Cli().RunAsync(command);

        Assert.Equal(exitCode, ran.ExitCode);
        Assert.Contains(sentence, ran.Error, StringComparison.Ordinal);
    }

    private Cli Cli(bool isTerminal = false) => new() { IsTerminal = isTerminal, Time = _time, Variables = { ["CAP_BASE_URL"] = _sidecar.Address } };

    private async Task<string> RunAsync(IReadOnlyList<string> args) => (await Cli().RunAsync(args)).Succeeded();

    private async Task<string> RunAsync(string command) => (await Cli().RunAsync(command)).Succeeded();
}
