using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Cli.Tests.Reports;

public sealed class ReportCommandTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private SidecarFixture _sidecar = null!;
    private string _agent = "";

    public async Task InitializeAsync()
    {
        _sidecar = await RunningSidecar.StartAsync(("CAP_SQLITE_PATH", Path.Combine(_folder, "budgets.db")));
        _agent = await _sidecar.AgentWithBudgetAsync(name: "=researcher");
        Assert.Equal(200, await _sidecar.ChatAsync(_agent));
        var poor = await _sidecar.AgentWithBudgetAsync(cents: 1, name: "poor");
        (await _sidecar.Cli().RunAsync($"pause {poor}")).Succeeded();
        Assert.Equal(403, await _sidecar.ChatAsync(poor));
        (await _sidecar.Cli().RunAsync($"doctor --agent {_agent}")).ToString();
    }

    public async Task DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" --by group")]
    [InlineData(" --by day,agent,model --since 2020-01-01")]
    [InlineData(" --by run --until 2020-01-01")]
    public async Task OfADatabase_WhileItsSidecarRuns_IsWhatTheSidecarSays(string options)
    {
        // Asked first: then what was refused has been counted.
        var asked = (await _sidecar.Cli().RunAsync($"report --json{options}")).Succeeded();
        var read = (await new Cli { Folder = _folder }.RunAsync($"report --database budgets.db --json{options}")).Succeeded();

        Assert.Equal(asked, read);
        Assert.Equal(options.Contains("until", StringComparison.Ordinal), !asked.Contains("\"calls\": 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_HaveTheTokensOfTheCall_TheRefusal_AndATotal_ButNoDryRun()
    {
        var lines = (await _sidecar.Cli().RunAsync("report")).Succeeded().TrimEnd().Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.Contains($"agent_id={_agent} name==researcher calls=1 input_tokens=", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("input_tokens= ", lines[0], StringComparison.Ordinal);
        Assert.Contains("name=poor calls=0 input_tokens= ", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" refused=1", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("total calls=1 ", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminal_OfEightyColumns_IsNotExceeded()
    {
        var cli = new Cli { IsTerminal = true, Width = 80, Variables = { ["CAP_BASE_URL"] = _sidecar.Address } };

        foreach (var line in new[] { "report", "report --by day,model,agent", "ledger list" })
        {
            var shown = (await cli.RunAsync(line)).Succeeded();
            Assert.All(shown.Split('\n'), row => Assert.InRange(row.Length, 0, 80));
            Assert.Contains(line == "ledger list" ? "reserved" : "total", shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Csv_RunsNoFormula_AndFocusHasARowForTheCharge()
    {
        var csv = (await _sidecar.Cli().RunAsync("report --csv")).Succeeded().TrimEnd().Split('\n');
        var focus = (await _sidecar.Cli().RunAsync("report --focus")).Succeeded().TrimEnd().Split('\n');

        Assert.StartsWith("day,group_id,agent_id,name,run_id,model,function,calls,", csv[0], StringComparison.Ordinal);
        Assert.Contains(",'=researcher,", csv[1], StringComparison.Ordinal);
        Assert.Equal(3, csv.Length);
        Assert.StartsWith("BilledCost,BillingAccountId,", focus[0], StringComparison.Ordinal);
        Assert.StartsWith("0.0", Assert.Single(focus[1..]), StringComparison.Ordinal);
        Assert.Contains(",USD,", focus[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report --by agent,colour")]
    [InlineData("report --by group,agent")]
    [InlineData("report --focus --by day")]
    [InlineData("report --since 2026-12-01 --until 2026-11-01")]
    [InlineData("report --since 05/11/2026")]
    [InlineData("report --csv --json")]
    [InlineData("report --focus --json")]
    public async Task WhatCannotBeAsked_IsAUsageError(string line) => Assert.Equal(2, (await _sidecar.Cli().RunAsync(line)).ExitCode);

    [Fact]
    public async Task Database_ThatIsNone_IsNamed()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "other.db"), "no database");

        Assert.Contains("There is no file", (await new Cli { Folder = _folder }.RunAsync("report --database none.db")).Error, StringComparison.Ordinal);
        Assert.Contains("is a folder. Give the file in it", (await new Cli { Folder = _folder }.RunAsync("report --database .")).Error, StringComparison.Ordinal);
        var other = await new Cli { Folder = _folder }.RunAsync("report --database other.db");
        Assert.Equal((1, ""), (other.ExitCode, other.Output));
        Assert.Contains("other.db", other.Error, StringComparison.Ordinal);
    }
}
