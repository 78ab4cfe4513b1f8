using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Cli.Tests.Nodes;

/// <summary>Commands with what a person has in hand: a name, the beginning of an id, an amount in dollars.</summary>
public sealed class NameCommandTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await RunningSidecar.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("--agent")]
    [InlineData("")]
    public async Task Agent_GoesByItsName_WithTheOptionOrWithoutIt(string option)
    {
        await RunAsync("agent", "create", "--id", "crawler-1", "--name", "The crawler/2");
        string[] agent = option.Length > 0 ? [option, "The crawler/2"] : ["The crawler/2"];

        Assert.Equal("crawler-1", (await RunAsync(["agent", "get", .. agent])).Value("agent_id"));
        Assert.Equal("550", (await RunAsync(["budget", "set", .. agent, "--limit", "$5.50"])).Value("hard_limit_cents"));
        Assert.Equal("crawler-1", (await RunAsync(["budget", "get", .. agent])).Value("agent_id"));
        Assert.Equal("deleted agent_id=crawler-1\n", (await RunAsync(["agent", "delete", .. agent])).Succeeded());
    }

    [Fact]
    public async Task AgentOrGroup_IsWhatIsMeantMostExactly()
    {
        const string crawler = "c0ffee00-0000-4000-8000-000000000001";
        await RunAsync("agent", "create", "--id", crawler, "--name", "acme");
        await RunAsync("group", "create", "acme", "--name", "Acme Inc");
        await RunAsync("agent", "create", "--id", "red-1", "--name", "red");
        await RunAsync("group", "create", "team-red", "--name", "red");

        Assert.Equal("paused group_id=acme\n", (await RunAsync("pause", "acme")).Succeeded());
        Assert.Equal($"paused agent_id={crawler}\n", (await RunAsync("pause", "c0ff")).Succeeded());
        var several = await RunAsync("pause", "red");
        Assert.Equal((1, "'red' may be agent 'red-1' or group 'team-red'. Say by the id which one is meant.\n"), (several.ExitCode, several.Error));
        var none = await RunAsync("pause", "ackme");
        Assert.StartsWith("There is no agent or group with the id or the name 'ackme'.", none.Error, StringComparison.Ordinal);
        Assert.Equal("group_id=acme", (await RunAsync("group", "show", "Acme Inc")).Succeeded().Split('\n')[0]);
        var self = await RunAsync("group", "move", "acme", "--under", "Acme Inc");
        Assert.Equal((1, "HTTP 409: 'acme' cannot be under itself. Name another group.\n"), (self.ExitCode, self.Error));
    }

    [Fact]
    public async Task TakenName_IsRefused_UnlessItIsForced()
    {
        await RunAsync("agent", "create", "--id", "a1", "--name", "Ada");

        var taken = await RunAsync("agent", "create", "--id", "a2", "--name", "Ada");
        Assert.Equal((1, "HTTP 409: The name 'Ada' is taken: agent 'a1' has it. Use another name, or that agent.\nTo give the name to both: --force\n"), (taken.ExitCode, taken.Error));
        Assert.Equal("a2", (await RunAsync("agent", "create", "--id", "a2", "--name", "Ada", "--force")).Value("agent_id"));
        var both = await RunAsync("budget", "set", "Ada", "--limit", "5");
        Assert.Equal((1, "HTTP 409: Several agents have the name 'Ada': 'a1', 'a2'. Say by the id which one is meant.\n"), (both.ExitCode, both.Error));
        Assert.Equal(1, (await RunAsync("agent", "rename", "a2", "--name", "Ada")).ExitCode);
        Assert.Equal("Grace", (await RunAsync("agent", "rename", "a2", "--name", "Grace")).Value("name"));
        var group = await RunAsync("group", "create", "g1");
        var own = await RunAsync("agent", "create", "--id", "g1");
        Assert.Equal("group_id=g1", group.Succeeded().Split('\n')[0]);
        Assert.StartsWith("HTTP 409: 'g1' is the id of a group,", own.Error, StringComparison.Ordinal);
    }

    /// <summary>Neither of two is the one that money is for because it is older.</summary>
    [Fact]
    public async Task Bootstrap_OfANameThatTwoHave_IsRefusedWithBothIds()
    {
        await RunAsync("agent", "create", "--id", "a1", "--name", "twin");
        await RunAsync("agent", "create", "--id", "a2", "--name", "twin", "--force");

        var ran = await RunAsync("bootstrap", "--name", "twin", "--limit", "$9");

        Assert.Equal((1, "Several agents have the name 'twin': 'a1', 'a2'. Give one of them another: spendguard agent rename a2 --name NAME\n"), (ran.ExitCode, ran.Error));
        Assert.Null(await _sidecar.Engine.FindBudgetAsync("a1"));
    }

    [Fact]
    public async Task LedgerExport_TakesAName()
    {
        await RunAsync("agent", "create", "--id", "a1", "--name", "Ada");
        await RunAsync("agent", "create", "--id", "a2", "--name", "Grace");
        await RunAsync("budget", "set", "a1", "--limit", "5");
        await RunAsync("budget", "set", "a2", "--limit", "7");

        var exported = (await RunAsync("ledger", "export", "--agent", "Ada", "--format", "jsonl")).Succeeded();

        var entry = Assert.Single(exported.TrimEnd().Split('\n'));
        Assert.Contains("\"agent_id\":\"a1\"", entry, StringComparison.Ordinal);
        Assert.Equal(exported, (await RunAsync("ledger", "export", "--agent", "a1", "--format", "jsonl")).Output);
        Assert.Equal(1, (await RunAsync("ledger", "export", "--agent", "Bob")).ExitCode);
    }

    [Theory]
    [InlineData("n", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData(" Yes ", true)]
    [InlineData("y", true)]
    public async Task Delete_AsksWhoSitsThere(string? answer, bool deletes)
    {
        await RunAsync("agent", "create", "Ada", "--id", "a1");
        var asked = "";
        var cli = new Cli { IsTerminal = true, Ask = question => (asked, answer) is var (_, given) && (asked = question).Length > 0 ? given : null };

        var ran = await cli.RunAsync(["agent", "delete", "Ada", "--base-url", _sidecar.Address]);

        Assert.StartsWith("Delete agent a1 (Ada)?", asked, StringComparison.Ordinal);
        Assert.Equal(deletes ? 0 : 1, ran.ExitCode);
        Assert.Equal(deletes, await _sidecar.Engine.FindAgentAsync("a1") is null);
        Assert.Equal(0, (await new Cli { Ask = _ => "n" }.RunAsync($"agent delete {(deletes ? await _sidecar.NamedAgentAsync("b") : "a1")} --yes --base-url {_sidecar.Address}")).ExitCode);
    }

    /// <summary>Nothing is read from the terminal any more, and what is read later means nothing.</summary>
    [Fact]
    public async Task Delete_ThatIsGivenUpWhileItAsks_DeletesNothing()
    {
        await RunAsync("agent", "create", "--id", "a1");
        using var givenUp = new CancellationTokenSource();
        using var over = new ManualResetEventSlim();
        var cli = new Cli { IsTerminal = true, Ask = _ => GiveUp() };

        var ran = await cli.RunAsync(["agent", "delete", "a1", "--base-url", _sidecar.Address], givenUp.Token);
        over.Set();

        Assert.NotEqual(0, ran.ExitCode);
        Assert.NotNull(await _sidecar.Engine.FindAgentAsync("a1"));

        string GiveUp()
        {
            givenUp.Cancel();
            over.Wait();
            return "y";
        }
    }

    /// <summary>What a set has granted, where a person may expect more.</summary>
    [Theory]
    [InlineData(new[] { "--limit 500" }, "Added $5.00.")]
    [InlineData(new[] { "--limit 500", "--limit 900" }, "Added nothing: a limit grants nothing by itself.")]
    [InlineData(new[] { "--limit 500", "--limit 900 --topup $5" }, "Added $4.00 of $5.00: what is left never passes the limit.")]
    [InlineData(new[] { "--limit 500", "--limit 0.5c" }, "Took back $4.995, which was free above the limit.")]
    public async Task Set_SaysWhatItHasGranted(string[] sets, string sentence)
    {
        await RunAsync("agent", "create", "--id", "a1");
        var ran = "";
        foreach (var set in sets)
        {
            ran = (await _sidecar.Cli(terminal: true).RunAsync($"budget set a1 {set}")).Succeeded();
        }

        Assert.Contains(sentence, ran, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GroupsPause_IsShownBelowIt()
    {
        await RunAsync("group", "create", "acme");
        await RunAsync("group", "create", "red", "--under", "acme");
        await RunAsync("agent", "create", "--id", "a1", "--under", "red");
        await RunAsync("pause", "acme");

        Assert.Equal("acme", (await RunAsync("agent", "get", "a1")).Value("paused_above"));
        Assert.Contains("paused_above=acme", (await RunAsync("agent", "list")).Succeeded(), StringComparison.Ordinal);
        Assert.Contains("by local, with group acme", (await _sidecar.Cli(terminal: true).RunAsync("group list")).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_OfAnAgentWithLessThanACentLeft_SaysHowMuch()
    {
        await RunAsync("agent", "create", "--id", "a1");
        await RunAsync("limit", "set", "a1", "--per", "day", "--amount", "0.25c");

        Assert.Contains("$0.0025 of $0.0025 left in day", (await RunAsync("doctor", "--agent", "a1")).Output, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(params string[] args) => _sidecar.Cli().RunAsync([.. args, "--base-url", _sidecar.Address]);
}
