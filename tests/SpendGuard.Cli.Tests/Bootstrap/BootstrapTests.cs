using Snapshooter.Xunit;
using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Cli.Tests.Bootstrap;

public sealed class BootstrapTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await RunningSidecar.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Bootstrap_MakesAnAgentWithABudgetAndARun(string form)
    {
        var cli = _sidecar.Cli(terminal: form == "terminal");

        var ran = await cli.RunAsync($"bootstrap --name my-agent --limit 500 --topup 300 --create-run{(form == "json" ? " --json" : "")}");

        Snapshot.Match(Steady.Text(ran), $"bootstrap-{form}");
    }

    [Fact]
    public async Task Plain_IsWhatScriptsOfTheOriginalRead()
    {
        var ran = await _sidecar.Cli().RunAsync("bootstrap --name my-agent --limit 5000 --topup 5000");

        var agent = ran.Value("agent_id");
        Assert.Equal(
            $"agent_id={agent}\nhard_limit_cents=5000\nremaining_cents=5000\nexport_SPENDGUARD_AGENT_ID={agent}\n", ran.Output);
    }

    /// <summary>An agent that is left behind without a budget would be found by the next try.</summary>
    [Theory]
    [InlineData("--limit 0", "--limit is at least 1 cent.")]
    [InlineData("--limit -5", "--limit is '-5'; give")]
    [InlineData("--limit 5 --topup -1", "--topup is '-1'; give")]
    [InlineData("--limit 5 --max-in-flight 0", "--max-in-flight is at least 1.")]
    [InlineData("--limit 5 --max-call-share 0", "--max-call-share is 1 to 100 percent.")]
    [InlineData("--limit 5 --max-call-share 101", "--max-call-share is 1 to 100 percent.")]
    public async Task Figures_ThatNoBudgetCanHave_LeaveNoAgentBehind(string figures, string sentence)
    {
        var ran = await _sidecar.Cli().RunAsync($"bootstrap --name my-agent {figures}");

        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(sentence, ran.Error, StringComparison.Ordinal);
        Assert.Equal("(no agents)\n", (await _sidecar.Cli().RunAsync("agent list")).Output);
    }

    [Fact]
    public async Task MaxInFlight_IsSet()
    {
        var ran = await _sidecar.Cli().RunAsync("bootstrap --name my-agent --limit 500 --max-in-flight 8 --json");

        Assert.Contains("\"max_in_flight\": 8", ran.Succeeded(), StringComparison.Ordinal);
    }

    /// <summary>Programs with subagents make several calls at once, and ask for more output than a small budget pays for.</summary>
    [Theory]
    [InlineData("", 16, 25)]
    [InlineData("--max-in-flight 1 --max-call-share 100", 1, 100)]
    public async Task Budget_LeavesRoomForSeveralCallsAtOnce(string options, int maxInFlight, int share)
    {
        var ran = await _sidecar.Cli().RunAsync($"bootstrap --name my-agent --limit 500 {options} --json");

        Assert.Contains($"\"max_in_flight\": {maxInFlight},", ran.Succeeded(), StringComparison.Ordinal);
        Assert.Contains($"\"max_call_share_percent\": {share},", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdminKey_IsMadeOnce_AndNeededFromThenOn()
    {
        var ran = await _sidecar.Cli().RunAsync("bootstrap --name my-agent --limit 500 --admin-key");
        var (agent, key) = (ran.Value("agent_id"), ran.Value("admin_key"));
        Assert.StartsWith("sgadmin_", key, StringComparison.Ordinal);

        Assert.StartsWith("HTTP 401: ", (await _sidecar.Cli().RunAsync($"budget set --agent {agent} --limit 900")).Error, StringComparison.Ordinal);
        (await _sidecar.Cli().RunAsync($"budget set --agent {agent} --limit 900 --api-key {key}")).Succeeded();
        Assert.StartsWith(
            "HTTP 409: There is an admin key already",
            (await _sidecar.Cli().RunAsync($"bootstrap --name my-agent --limit 900 --admin-key --api-key {key}")).Error,
            StringComparison.Ordinal);
        Assert.Equal(200, await _sidecar.ChatAsync(agent));
        Assert.Contains("control=ok ", (await _sidecar.Cli().RunAsync($"doctor --api-key {key}")).Output, StringComparison.Ordinal);
    }

    /// <summary>As the sidecar and the doctor tell whoever leaves control open, whatever agents there are.</summary>
    [Fact]
    public async Task AdminKey_Alone_IsMadeWithoutAnAgent()
    {
        var key = (await _sidecar.Cli().RunAsync("bootstrap --admin-key")).Value("admin_key");

        Assert.Equal("(no agents)\n", (await _sidecar.Cli().RunAsync($"agent list --api-key {key}")).Succeeded());
    }

    /// <summary>It is told only once: one that nobody hears of shuts everybody out.</summary>
    [Fact]
    public async Task AdminKey_OfABootstrapThatFails_IsNotMade()
    {
        (await _sidecar.Cli().RunAsync("bootstrap --name my-agent --limit 5000")).Succeeded();

        var ran = await _sidecar.Cli().RunAsync("bootstrap --name my-agent --limit 500 --admin-key");

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Assert.Contains("has a budget already", ran.Error, StringComparison.Ordinal);
        (await _sidecar.Cli().RunAsync("agent list")).Succeeded();
    }

    [Theory]
    [InlineData("bootstrap", "Option '--name' is required.\nOption '--limit' is required.\n")]
    [InlineData("bootstrap --admin-key --name my-agent", "Option '--limit' is required.\n")]
    [InlineData("bootstrap --admin-key --max-in-flight 5", "Option '--name' is required.\nOption '--limit' is required.\n")]
    [InlineData("bootstrap --admin-key --key", "Option '--name' is required.\nOption '--limit' is required.\n")]
    public async Task AgentOrLimit_ThatIsMissing_IsTwo(string line, string sentences)
    {
        var ran = await _sidecar.Cli().RunAsync(line);

        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(sentences, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Again_FindsTheSameAgentAndGrantsNothing()
    {
        const string Line = "bootstrap --name my-agent --limit 500 --topup 300";
        var first = await _sidecar.Cli().RunAsync(Line);
        Assert.Equal(200, await _sidecar.ChatAsync(first.Value("agent_id")));

        var again = await _sidecar.Cli().RunAsync(Line);

        Assert.Equal(first.Value("agent_id"), again.Value("agent_id"));
        Assert.Equal("299", again.Value("remaining_cents"));
        Assert.Single((await _sidecar.Cli().RunAsync("agent list")).Succeeded().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task ManyAtOnce_MakeOneAgentAndGrantOnce()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            _sidecar.Cli().RunAsync("bootstrap --name my-agent --limit 500 --topup 100"))));

        var agent = Assert.Single(all.Select(ran => ran.Value("agent_id")).Distinct());
        Assert.All(all, ran => Assert.Equal("100", ran.Value("remaining_cents")));
        Assert.Equal("100", (await _sidecar.Cli().RunAsync($"budget get --agent {agent}")).Value("remaining_cents"));
        Assert.Single((await _sidecar.Cli().RunAsync("agent list")).Succeeded().TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("agent delete --agent ID")]
    [InlineData("agent rename --agent ID --name retired")]
    public async Task NameThatIsFreeAgain_GetsANewAgent(string line)
    {
        var first = (await _sidecar.Cli().RunAsync("bootstrap --name Zoë --limit 500")).Value("agent_id");
        (await _sidecar.Cli().RunAsync(line.Replace("ID", first, StringComparison.Ordinal))).Succeeded();

        var second = await _sidecar.Cli().RunAsync("bootstrap --name Zoë --limit 500");
        var again = await _sidecar.Cli().RunAsync("bootstrap --name Zoë --limit 500");

        Assert.NotEqual(first, second.Value("agent_id"));
        Assert.Equal(("500", second.Value("agent_id")), (second.Value("remaining_cents"), again.Value("agent_id")));
    }

    [Fact]
    public async Task OtherLimit_IsNotPassedOver()
    {
        var agent = (await _sidecar.Cli().RunAsync("bootstrap --name my-agent --limit 500")).Value("agent_id");

        var ran = await _sidecar.Cli().RunAsync("bootstrap --name my-agent --limit 900");

        Assert.Equal(
            new Ran(1, "", $"Agent 'my-agent' ({agent}) has a budget already, with a hard limit of $5.00 and not $9.00. "
                + $"Change it with: spendguard budget set --agent {agent} --limit 900 --topup CENTS\n"),
            ran);
        Assert.Equal("500", (await _sidecar.Cli().RunAsync($"budget get --agent {agent}")).Value("hard_limit_cents"));
    }

    [Fact]
    public async Task AgentWithoutABudget_GetsOne()
    {
        var agent = await _sidecar.NamedAgentAsync("my-agent");

        var ran = await _sidecar.Cli().RunAsync("bootstrap --name my-agent --limit 500");

        Assert.Equal((agent, "500"), (ran.Value("agent_id"), ran.Value("remaining_cents")));
    }

    [Fact]
    public async Task UnhealthySidecar_IsRefusedUnlessTheCheckIsSkipped()
    {
        await using var other = await ErrorExitTests.OtherServerAsync(200, "application/json", """{"status":"starting"}""");
        var cli = new Cli { Variables = { ["CAP_BASE_URL"] = other.Urls.Single() } };

        var ran = await cli.RunAsync("bootstrap --name my-agent --limit 500");
        var skipped = await cli.RunAsync("bootstrap --name my-agent --limit 500 --skip-health-check");

        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("is not healthy: {\"status\":\"starting\"}. Run: spendguard doctor", ran.Error, StringComparison.Ordinal);
        Assert.Contains("is no sidecar", skipped.Error, StringComparison.Ordinal);
    }
}
