using Snapshooter.Xunit;
using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Cli.Tests.Ledger;

public sealed class LedgerCommandTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;
    private string _agent = "";
    private string _other = "";

    public async Task InitializeAsync()
    {
        _sidecar = await RunningSidecar.StartAsync();
        _agent = await _sidecar.AgentWithBudgetAsync();
        Assert.Equal(200, await _sidecar.ChatAsync(_agent));
        _other = await _sidecar.AgentWithBudgetAsync(name: "other");
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task List_ShowsEntries(string form)
    {
        var ran = await _sidecar.Cli(terminal: form == "terminal").RunAsync($"ledger list --limit 3{(form == "json" ? " --json" : "")}");

        ran.Succeeded();
        Snapshot.Match(
            Steady.Text(ran).Replace(_agent[..8], "UUID    ", StringComparison.Ordinal).Replace(_other[..8], "UUID    ", StringComparison.Ordinal), $"ledger-{form}");
    }

    /// <summary>On the error stream, so that a script which reads the lines reads entries only.</summary>
    [Fact]
    public async Task List_ThatStopsBeforeTheEnd_SaysHowToReadOn()
    {
        var page = await _sidecar.Cli().RunAsync("ledger list --after 0 --limit 2");
        var rest = await _sidecar.Cli().RunAsync("ledger list --after 2");

        Assert.Equal(2, page.Succeeded().TrimEnd().Split('\n').Length);
        Assert.Equal("There are more entries: --after 2\n", page.Error);
        Assert.Equal("", rest.Error);
        Assert.Equal("", (await _sidecar.Cli().RunAsync("ledger list --limit 2 --json")).Error);
    }

    [Fact]
    public async Task List_HasTheNewestFirst_AndReadsBack()
    {
        var newest = await _sidecar.Cli().RunAsync("ledger list --limit 2");
        var rest = await _sidecar.Cli().RunAsync("ledger list --before 3");

        Assert.Equal(["sequence=4", "sequence=3"], Sequences(newest));
        Assert.Equal("There are older entries: --before 3\n", newest.Error);
        Assert.Equal(["sequence=2", "sequence=1"], Sequences(rest));
        Assert.Equal("", rest.Error);
    }

    [Fact]
    public async Task List_LeavesDryRunsOut_UnlessAllIsAsked()
    {
        using var dryRun = new StringContent("""{"provider":"openai"}""", System.Text.Encoding.UTF8, "application/json");
        (await _sidecar.Client.PostAsync($"/v1/agents/{_agent}/dry-run", dryRun)).EnsureSuccessStatusCode();

        Assert.Equal(4, Sequences(await _sidecar.Cli().RunAsync("ledger list")).Length);
        Assert.Equal(6, Sequences(await _sidecar.Cli().RunAsync("ledger list --all")).Length);
        Assert.Equal(6, Sequences(await _sidecar.Cli().RunAsync("ledger list --after 0")).Length);
    }

    [Fact]
    public async Task Follow_ListsNewEntriesAsTheyCome_AndEndsWell()
    {
        using var stop = new CancellationTokenSource();
        var output = new WatchedWriter();
        var following = _sidecar.Cli().RunAsync(["ledger", "list", "--follow", "--limit", "2"], output, stop.Token);
        await output.UntilAsync("sequence=4", times: 1);
        Assert.Equal(200, await _sidecar.ChatAsync(_agent));
        await output.UntilAsync("sequence=6", times: 1);
        await stop.CancelAsync();

        var ran = await following;
        Assert.Equal(["sequence=3", "sequence=4", "sequence=5", "sequence=6"], Sequences(ran));
    }

    [Fact]
    public async Task List_OfNothing_SaysSo() => Assert.Equal("(no entries)\n", (await _sidecar.Cli().RunAsync("ledger list --after 99")).Succeeded());

    [Fact]
    public async Task List_OfOneAgent_HasNothingOfAnothers()
    {
        var lines = (await _sidecar.Cli().RunAsync($"ledger list --agent {_agent}")).Succeeded().TrimEnd().Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Contains($"agent_id={_agent} ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Limit_ThatIsTooMuch_IsRefused() => Assert.Equal(
        new Ran(1, "", "HTTP 400: 'limit' has to be a whole number from 1 to 1000.\n"), await _sidecar.Cli().RunAsync("ledger list --limit 1001"));

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    public async Task Export_WritesEveryEntry(string format)
    {
        var ran = await _sidecar.Cli().RunAsync($"ledger export --format {format}");

        ran.Succeeded();
        Snapshot.Match(Steady.Text(ran), $"export-{format}");
    }

    [Fact]
    public async Task Export_ToAFile_IsTheSame()
    {
        var folder = Directory.CreateTempSubdirectory();
        var cli = new Cli { Folder = folder.FullName, Variables = { ["CAP_BASE_URL"] = _sidecar.Address } };

        var ran = await cli.RunAsync("ledger export -o ledger.csv");

        Assert.Equal(new Ran(0, "", ""), ran);
        Assert.Equal((await cli.RunAsync("ledger export")).Output, await File.ReadAllTextAsync(Path.Combine(folder.FullName, "ledger.csv")));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Export_OfAWindow_LeavesOutWhatLiesOutside()
    {
        var later = await _sidecar.Cli().RunAsync("ledger export --from 2999-01-01");
        var earlier = await _sidecar.Cli().RunAsync("ledger export --to 2000-01-01T12:00:00+01:00");
        var both = await _sidecar.Cli().RunAsync("ledger export --from 2000-01-01 --to 2999-01-01");

        Assert.Equal((1, 1, 5), (Lines(later), Lines(earlier), Lines(both)));

        static int Lines(Ran ran) => ran.Succeeded().TrimEnd().Split('\n').Length;
    }

    [Theory]
    [InlineData("ledger export --from yesterday-ish")]
    [InlineData("ledger export --format xml")]
    [InlineData("ledger reconcile")]
    [InlineData("ledger reconcile x.csv --tolerance -1")]
    public async Task WrongOptions_AreUsageErrors(string line) => Assert.Equal(2, (await _sidecar.Cli().RunAsync(line)).ExitCode);

    [Theory]
    [InlineData("ledger export -o /dev/null/x.csv", "cannot be written")]
    [InlineData("ledger reconcile /dev/null/x.csv", "cannot be read")]
    [InlineData("ledger reconcile /dev/null", "cannot be used. The first line has none of the columns")]
    public async Task Files_ThatCannotBeUsed_AreNamed(string line, string sentence)
    {
        var ran = await _sidecar.Cli().RunAsync(line);

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Assert.Contains(sentence, ran.Error, StringComparison.Ordinal);
    }

    private static string[] Sequences(Ran ran) => [.. ran.Succeeded().TrimEnd().Split('\n').Select(line => line.Split(' ')[0])];
}
