using Microsoft.Extensions.Time.Testing;
using Snapshooter.Xunit;
using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Cli.Tests.Nodes;

/// <summary>Groups, limits, pauses and the tree of budgets, on the command line.</summary>
public sealed class NodeCommandTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await RunningSidecar.StartAsync(_time);
        await RunAsync("group create acme --name Acme");
        await RunAsync("group create team-red --name Red --under acme");
        await RunAsync("agent create --id researcher --under team-red");
        await RunAsync("agent create --id writer --under team-red");
        await RunAsync("agent create --id loner");
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Tree_ShowsWhoIsUnderWhom_AndWhatIsLeft(string form)
    {
        await RunAsync("limit set acme --per year --amount-cents 1200000 --zone America/New_York");
        await RunAsync("limit set acme --per month --amount-cents 50000 --zone Europe/Berlin");
        await RunAsync("limit set team-red --rolling 1h --amount-cents 200 --pauses");
        await RunAsync("limit set researcher --per day --amount-cents 500");
        await RunAsync("limit set team-red --identical-calls 5");
        await RunAsync("budget set --agent researcher --limit 5000");
        await RunAsync("budget set --agent loner --limit 500");
        Assert.Equal(200, await _sidecar.ChatAsync("researcher"));
        await RunAsync(["pause", "writer", "--reason", "It repeats itself"]);

        Snapshot.Match(Steady.Text(await Cli(form).RunAsync("budget tree" + (form == "json" ? " --json" : ""))), $"tree-{form}");
    }

    [Fact]
    public async Task Tree_FitsATerminalOfEightyColumns()
    {
        await RunAsync("limit set acme --per quarter --amount-cents 123456789 --zone America/Argentina/ComodRivadavia");
        for (var level = 1; level < 6; level++)
        {
            await RunAsync($"group create level-{level}-with-a-long-name --under {(level == 1 ? "team-red" : $"level-{level - 1}-with-a-long-name")}");
            await RunAsync($"limit set level-{level}-with-a-long-name --per month --amount-cents 123456789 --zone Europe/Berlin --pauses");
        }

        var lines = (await new Cli { IsTerminal = true, Width = 80, Time = _time, Variables = { ["CAP_BASE_URL"] = _sidecar.Address } }.RunAsync("budget tree")).Succeeded().Split('\n');

        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains(lines, line => line.Contains("$1,234,567.89", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tree_OfAGroup_IsWhatIsUnderIt_AndOfAnAgent_WhatLimitsIt()
    {
        var below = await RunAsync("budget tree team-red");
        var path = await RunAsync("budget tree writer");

        Assert.Equal(["team-red", "researcher", "writer"], Ids(below));
        Assert.Equal(["acme", "team-red", "writer"], Ids(path));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Group_IsMadeShownMovedNamedAndDeleted(string form)
    {
        var json = form == "json" ? " --json" : "";
        var cli = Cli(form);
        string[] commands =
        [
            "group create team-blue --name Blue --under acme", "limit set team-blue --per month --amount-cents 100", "group show team-blue", "group rename team-blue --name Azure",
            "group move team-blue --top", "group move loner --under team-blue", "group list", "group delete team-blue", "group move loner --top", "group delete team-blue",
        ];
        var ran = new List<string>();
        foreach (var command in commands)
        {
            ran.Add($"$ {command}\n{await cli.RunAsync(command + json)}");
        }

        Snapshot.Match(Steady.Text(string.Join("\n", ran)), $"group-{form}");
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Limit_IsSetListedAndRemoved(string form)
    {
        var json = form == "json" ? " --json" : "";
        var cli = Cli(form);
        string[] commands =
        [
            "limit list team-red", "limit set team-red --per month --zone Europe/Berlin --amount-cents 50000", "limit set team-red --rolling 90m --amount-cents 200 --pauses",
            "limit set researcher --per total --amount-cents 300", "limit list team-red", "limit list researcher", "limit remove team-red --per month", "limit remove team-red --per month",
            "limit set team-red --identical-calls 5", "limit list team-red", "limit remove team-red --identical-calls", "limit list team-red",
        ];
        var ran = new List<string>();
        foreach (var command in commands)
        {
            ran.Add($"$ {command}\n{await cli.RunAsync(command + json)}");
        }

        Snapshot.Match(Steady.Text(string.Join("\n", ran)), $"limit-{form}");
    }

    [Fact]
    public async Task Pause_OfAGroup_RefusesItsAgents_UntilItIsResumed()
    {
        await RunAsync("budget set --agent researcher --limit 500");

        Assert.Equal("paused group_id=acme\n", await RunAsync(["pause", "acme", "--reason", "Friday night"]));
        Assert.Equal(403, await _sidecar.ChatAsync("researcher"));
        Assert.Equal("resumed group_id=acme\n", await RunAsync("resume acme"));
        Assert.Equal(200, await _sidecar.ChatAsync("researcher"));

        var ledger = await RunAsync("ledger list --limit 1000");
        Assert.Contains("kind=paused agent_id= ", ledger, StringComparison.Ordinal);
        Assert.Contains("group_id=acme limit= under= by=local reason=Friday night", ledger, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PausedAgent_IsSeenWhereAgentsAreShown()
    {
        await RunAsync("pause writer");

        Assert.Contains("\npaused_by=local\n", await RunAsync("agent get --agent writer"), StringComparison.Ordinal);
        Assert.Matches("agent_id=writer .*paused_by=local\n", await RunAsync("agent list"));
        Assert.Contains("by local", (await Cli("terminal").RunAsync("agent list")).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tree_ShowsAPauseOfAGroup_BelowItToo()
    {
        await RunAsync("pause acme");

        Assert.Matches("id=researcher .* paused_above=acme\n", await RunAsync("budget tree team-red"));
        Assert.Matches("id=acme .* paused_above=\n", await RunAsync("budget tree"));
        Assert.Contains("team-red (Red)  paused with acme", (await _sidecar.Cli(terminal: true).RunAsync("budget tree team-red")).Succeeded(), StringComparison.Ordinal);
    }

    /// <summary>Success is not told of what has not happened.</summary>
    [Fact]
    public async Task WhatChangesNothing_SaysSo()
    {
        Assert.Equal("not paused group_id=acme\n", await RunAsync("resume acme"));
        Assert.Contains("was not paused, and nothing has changed", (await Cli("terminal").RunAsync("resume writer")).Succeeded(), StringComparison.Ordinal);
        await RunAsync(["pause", "acme", "--reason", "Friday night"]);

        Assert.Equal("paused already group_id=acme by=local at=2026-11-27T12:00:00Z reason=Friday night\n", await RunAsync(["pause", "acme", "--reason", "Monday"]));
        Assert.Contains("was paused already by local at 2026-11-27T12:00:00Z: Friday night. It stays so", (await Cli("terminal").RunAsync("pause acme")).Succeeded(), StringComparison.Ordinal);
        Assert.Equal("resumed group_id=acme\n", await RunAsync("resume acme"));

        Assert.Equal("not set group_id=acme identical_calls=\n", await RunAsync("limit remove acme --identical-calls"));
        await RunAsync("limit set acme --identical-calls 5");
        Assert.Equal("removed group_id=acme identical_calls=\n", await RunAsync("limit remove acme --identical-calls"));
    }

    /// <summary>Otherwise the next call pauses it again, and whoever resumed it does not know why.</summary>
    [Theory]
    [InlineData("limit set team-red --per day --zone Europe/Berlin --amount-cents 0 --pauses --alert-at 50",
        "window=day zone=Europe/Berlin", "spendguard limit set team-red --per day --zone Europe/Berlin --pauses --alert-at 50 --amount-cents CENTS", "all of it at 2026-11-27T23:00:00Z (in 11 h)")]
    [InlineData("limit set team-red --rolling 90m --amount-cents 0 --pauses",
        "window=rolling-90m zone=", "spendguard limit set team-red --rolling 90m --pauses --amount-cents CENTS", "has $0.00 left of $0.00")]
    public async Task Resume_OfABreakerThatIsFull_SaysThatItTripsAgain_AndHowToRaiseIt(string limit, string window, string raise, string words)
    {
        await RunAsync("budget set --agent researcher --limit 500");
        await RunAsync(limit);
        Assert.Equal(403, await _sidecar.ChatAsync("researcher"));

        var resumed = (await RunAsync("resume team-red")).Split('\n');
        Assert.Equal("resumed group_id=team-red", resumed[0]);
        Assert.StartsWith($"breaker {window} action=pause amount_cents=0 ", resumed[1], StringComparison.Ordinal);
        Assert.Equal("raise=" + raise, resumed[2]);

        Assert.Equal(403, await _sidecar.ChatAsync("researcher"));
        var shown = (await new Cli { IsTerminal = true, Width = 500, Time = _time, Variables = { ["CAP_BASE_URL"] = _sidecar.Address } }.RunAsync("resume team-red")).Succeeded();
        Assert.Contains(words, shown, StringComparison.Ordinal);
        Assert.Contains("a call that needs more pauses it again.", shown, StringComparison.Ordinal);

        await RunAsync(raise["spendguard ".Length..].Replace("CENTS", "500", StringComparison.Ordinal));
        Assert.Equal(200, await _sidecar.ChatAsync("researcher"));
    }

    /// <summary>It takes the place of the one before in whole, so all of it is told.</summary>
    [Fact]
    public async Task Limit_ThatIsSetAgain_TellsAllOfIt()
    {
        await RunAsync("limit set acme --per month --zone Europe/Berlin --amount-cents 100 --asks --alert-at 50");

        Assert.Contains(" action=refuse amount_cents=200 ", await RunAsync("limit set acme --per month --amount-cents 200"), StringComparison.Ordinal);
        Assert.Contains(
            "That is all of it: the calendar of UTC, what does not fit is refused, alerts at 80, 100 %.",
            (await Cli("terminal").RunAsync("limit set acme --per month --amount-cents 300")).Succeeded(), StringComparison.Ordinal);
        Assert.Contains(
            "That is all of it: what does not fit pauses it, no alerts.",
            (await Cli("terminal").RunAsync("limit set acme --rolling 90m --amount-cents 300 --pauses --alert-at ,")).Succeeded(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pause nobody", 1, "There is no agent or group with the id or the name 'nobody'")]
    [InlineData("limit set nobody --per day --amount-cents 1", 1, "spendguard group create nobody")]
    [InlineData("limit set acme --amount-cents 1", 2, "Give --per with a period, or --rolling with a length.")]
    [InlineData("limit set acme --per day --rolling 1h --amount-cents 1", 2, "Give --per with a period, or --rolling with a length.")]
    [InlineData("limit set acme --per day", 2, "Give --amount-cents with what all calls of one window may cost.")]
    [InlineData("limit set acme --identical-calls 5 --pauses", 2, "Give --identical-calls by itself")]
    [InlineData("limit set acme --identical-calls 1", 1, "'identical_calls' has to be a whole number of at least 2.")]
    [InlineData("limit remove acme --identical-calls --per day", 2, "Give --identical-calls by itself")]
    [InlineData("limit set acme --rolling 90x --amount-cents 1", 1, "There is no window 'rolling-90x'")]
    [InlineData("limit set acme --per day --zone Berlin --amount-cents 1", 1, "There is no time zone 'Berlin'")]
    [InlineData("group move acme --under team-red", 1, "HTTP 409: 'acme' cannot be under 'team-red'")]
    [InlineData("group move acme", 2, "Give --under with a group, or --top for none.")]
    [InlineData("group delete acme", 1, "HTTP 409: Group 'acme' has agents or groups under it")]
    [InlineData("group show researcher", 1, "HTTP 404: Group not found")]
    public async Task WhatCannotBe_IsRefusedInASentence(string command, int exitCode, string sentence)
    {
        var ran = await Cli("plain").RunAsync(command);

        Assert.Equal(exitCode, ran.ExitCode);
        Assert.Contains(sentence, ran.Error, StringComparison.Ordinal);
    }

    /// <summary>A misspelt id is not to become a group that limits nothing.</summary>
    [Fact]
    public async Task Limit_OfAnIdThatIsNotKnown_MakesNoGroup()
    {
        Assert.Equal(1, (await Cli("plain").RunAsync("limit set team-rde --per day --amount-cents 1")).ExitCode);

        Assert.DoesNotContain("team-rde", await RunAsync("group list"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Ids(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]["id=".Length..]).Distinct();

    private Cli Cli(string form) => new() { IsTerminal = form == "terminal", Time = _time, Variables = { ["CAP_BASE_URL"] = _sidecar.Address } };

    private async Task<string> RunAsync(string command) => (await Cli("plain").RunAsync(command)).Succeeded();

    private async Task<string> RunAsync(IReadOnlyList<string> args) => (await Cli("plain").RunAsync(args)).Succeeded();
}
