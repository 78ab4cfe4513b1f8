using Snapshooter.Xunit;
using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Cli.Tests.Budgets;

public sealed class BudgetCommandTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await RunningSidecar.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Budget_IsShown(string form)
    {
        var cli = _sidecar.Cli(terminal: form == "terminal");
        var json = form == "json" ? " --json" : "";
        var agent = await _sidecar.NamedAgentAsync();

        var set = await cli.RunAsync($"budget set --agent {agent} --limit 500 --topup 300{json}");
        Assert.Equal(200, await _sidecar.ChatAsync(agent));
        var got = await cli.RunAsync($"budget get --agent {agent}{json}");

        Snapshot.Match(Steady.Text($"{set}\n{got}"), $"budget-{form}");
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Budget_ShowsTheCallInFlight(string form)
    {
        var cli = _sidecar.Cli(terminal: form == "terminal");
        var agent = await _sidecar.AgentWithBudgetAsync();
        var shown = new TaskCompletionSource<Ran>();
        _sidecar.Provider.OnArrival = async _ =>
            shown.SetResult(await cli.RunAsync($"budget get --agent {agent}{(form == "json" ? " --json" : "")}"));

        Assert.Equal(200, await _sidecar.ChatAsync(agent));

        Snapshot.Match(Steady.Text(await shown.Task), $"locked-{form}");
    }

    [Fact]
    public async Task Budget_ShowsBatches()
    {
        var agent = await _sidecar.AgentWithBudgetAsync();
        var made = await _sidecar.AskAsync(
            "/v1/messages/batches",
            agent,
            """{"requests":[{"custom_id":"a","params":{"model":"claude-haiku-4-5","max_tokens":10,"messages":[{"role":"user","content":"Hi"}]}}]}""");
        Assert.Equal(200, made.Status);

        var shown = Steady.Text(await _sidecar.Cli(terminal: true).RunAsync($"budget get --agent {agent}"));

        Assert.Contains("1, held until their results are fetched", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("in flight", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TopUp_AddsUpToTheLimit()
    {
        var agent = await _sidecar.NamedAgentAsync();
        var cli = _sidecar.Cli();

        Assert.Equal("200", (await cli.RunAsync($"budget set --agent {agent} --limit 500 --topup 200")).Value("remaining_cents"));
        Assert.Equal("450", (await cli.RunAsync($"budget set --agent {agent} --limit 500 --topup 250")).Value("remaining_cents"));
        Assert.Equal("500", (await cli.RunAsync($"budget set --agent {agent} --limit 500 --topup 250")).Value("remaining_cents"));
    }

    /// <summary>What a refusal says to do does it, when it is typed as it stands; a limit alone grants nothing.</summary>
    [Fact]
    public async Task Refusal_SaysHowToTopUp_AndThatHelps()
    {
        var agent = await _sidecar.AgentWithBudgetAsync(cents: 1);
        var json = $$"""{"model":"gpt-4o-mini","max_tokens":20,"messages":[{"role":"user","content":"{{string.Join(' ', Enumerable.Range(0, 40_000))}}"}]}""";
        var refused = await _sidecar.AskAsync("/v1/chat/completions", agent, json);
        Assert.Equal(402, refused.Status);
        var command = Between((string)refused.Body["detail"]!, "Who may set budgets tops it up by spendguard ", ".").Replace("'", "", StringComparison.Ordinal).Replace("<cents>", "400", StringComparison.Ordinal);

        (await _sidecar.Cli().RunAsync(command.Replace(" --topup 400", "", StringComparison.Ordinal))).Succeeded();
        Assert.Equal(402, (await _sidecar.AskAsync("/v1/chat/completions", agent, json)).Status);
        (await _sidecar.Cli().RunAsync(command)).Succeeded();

        Assert.Equal(200, (await _sidecar.AskAsync("/v1/chat/completions", agent, json)).Status);
    }

    [Theory]
    [InlineData("refuse", "refuses the call")]
    [InlineData("ask", "asks for approval")]
    [InlineData("pause", "pauses the agent")]
    public async Task OnExhausted_IsShown(string action, string words)
    {
        var agent = await _sidecar.NamedAgentAsync();

        var set = await _sidecar.Cli().RunAsync($"budget set --agent {agent} --limit 500 --on-exhausted {action}");
        var got = await _sidecar.Cli(terminal: true).RunAsync($"budget get --agent {agent}");

        Assert.Equal(action, set.Value("on_exhausted"));
        Assert.Equal("0", set.Value("spent_microcents"));
        Assert.Contains(words, got.Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IdempotencyKey_GrantsOnce()
    {
        var agent = await _sidecar.NamedAgentAsync();
        var line = $"budget set --agent {agent} --limit 500 --topup 100 --idempotency-key monday";

        await _sidecar.Cli().RunAsync(line);

        Assert.Equal("100", (await _sidecar.Cli().RunAsync(line)).Value("remaining_cents"));
    }

    [Fact]
    public async Task MaxInFlight_IsSet()
    {
        var agent = await _sidecar.NamedAgentAsync();

        var set = await _sidecar.Cli().RunAsync($"budget set --agent {agent} --limit 500 --max-in-flight 8 --json");

        Assert.Contains("\"max_in_flight\": 8", set.Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaxCallShare_IsSet_AndLeftAsItIs()
    {
        var agent = await _sidecar.NamedAgentAsync();

        var set = await _sidecar.Cli().RunAsync($"budget set --agent {agent} --limit 500 --max-call-share 40 --json");
        Assert.Contains("\"max_call_share_percent\": 40", set.Succeeded(), StringComparison.Ordinal);
        var topped = await _sidecar.Cli().RunAsync($"budget set --agent {agent} --limit 500 --topup 5 --json");
        Assert.Contains("\"max_call_share_percent\": 40", topped.Succeeded(), StringComparison.Ordinal);
    }

    private static string Between(string text, string before, string after)
    {
        Assert.Contains(before, text, StringComparison.Ordinal);
        return text.Split(before)[1].Split(after)[0];
    }

    [Fact]
    public async Task TopUp_LeavesMaxInFlightAsItIs()
    {
        var agent = await _sidecar.NamedAgentAsync();
        await _sidecar.Cli().RunAsync($"budget set --agent {agent} --limit 500 --max-in-flight 5");

        var topped = await _sidecar.Cli().RunAsync($"budget set --agent {agent} --limit 500 --topup 5 --json");

        Assert.Contains("\"max_in_flight\": 5", topped.Succeeded(), StringComparison.Ordinal);
    }
}
