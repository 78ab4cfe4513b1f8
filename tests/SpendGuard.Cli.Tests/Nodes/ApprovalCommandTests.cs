using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Nodes;

/// <summary>Requests for approval on the command line, which is another process than the one that the agent calls through.</summary>
public sealed class ApprovalCommandTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await RunningSidecar.StartAsync();
        await RunAsync("agent create --id researcher");
        await RunAsync("budget set --agent researcher --limit 1 --on-exhausted ask");

        // All that it may ever spend is nothing, until somebody approves.
        await RunAsync("limit set researcher --per total --amount-cents 0 --asks");
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    /// <summary>Out of budget, waits, is approved from the command line, goes on.</summary>
    [Fact]
    public async Task Approve_LetsACallGoOnThatWaits()
    {
        var parked = _sidecar.AskAsync(
            "/v1/chat/completions", "researcher", """{"model":"gpt-4o-mini","max_tokens":10,"messages":[{"role":"user","content":"Hello"}]}""", ("x-spendguard-wait", "60"));
        await Eventually.HoldsAsync(async () => (await RunAsync("approvals list")).Contains("state=pending agent_id=researcher node=researcher limit=total ", StringComparison.Ordinal));
        var id = (await RunAsync("approvals list")).Split(' ')[0]["approval_id=".Length..];

        var approved = await RunAsync(["approvals", "approve", id, "--add", "0.05", "--for", "8h", "--reason", "A long night"]);

        Assert.StartsWith($"approval_id={id} state=approved ", approved, StringComparison.Ordinal);
        Assert.Contains(" added_microcents=5000000 ", approved, StringComparison.Ordinal);
        Assert.Equal(200, (await parked.WaitAsync(Patience)).Status);
        Assert.Equal("(nothing is asked for)\n", await RunAsync("approvals list"));
        Assert.Contains("state=approved", await RunAsync("approvals list --state all"), StringComparison.Ordinal);
        Assert.Contains("kind=approved", await RunAsync("ledger list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OnATerminal_IsATable_ThatSaysHowToApprove()
    {
        await _sidecar.ChatAsync("researcher");

        var shown = (await _sidecar.Cli(terminal: true).RunAsync("approvals list")).Succeeded();

        Assert.Contains("researcher", shown, StringComparison.Ordinal);
        Assert.Contains("Approve: spendguard approvals approve apr_", shown, StringComparison.Ordinal);
    }

    /// <summary>The amount is what was set, and what is set again; what is raised stands beside it, of a budget as of any limit.</summary>
    [Fact]
    public async Task Raise_IsShownBesideTheAmount()
    {
        await RunAsync("budget set --agent researcher --limit 500 --topup 500");
        await RunAsync("limit set researcher --per day --amount-cents 0 --asks");
        await _sidecar.ChatAsync("researcher");
        var id = (await RunAsync("approvals list")).Split(' ')[0]["approval_id=".Length..];
        await RunAsync($"approvals approve {id} --add 2 --for 1h");

        var day = (await RunAsync("limit list researcher")).Split('\n').Single(line => line.StartsWith("window=day ", StringComparison.Ordinal));
        Assert.Contains(" amount_cents=0 spent_cents=0 held_cents=0 left_cents=200 ", day, StringComparison.Ordinal);
        Assert.Contains(" raised_microcents=200000000 raised_until=2", day, StringComparison.Ordinal);
        var shown = (await _sidecar.Cli(terminal: true).RunAsync("limit list researcher")).Succeeded();
        Assert.Contains("$0.00 + $2.00", shown, StringComparison.Ordinal);
        Assert.Contains("day: $2.00 raised until 2", shown, StringComparison.Ordinal);
        var tree = (await _sidecar.Cli(terminal: true).RunAsync("budget tree researcher")).Succeeded();
        Assert.Contains("$0.00 + $2.00", tree, StringComparison.Ordinal);
        Assert.Contains("day: $2.00 raised until 2", tree, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raise_OfABudget_IsShownBesideItsLimit()
    {
        await _sidecar.ChatAsync("researcher");
        var id = (await RunAsync("approvals list")).Split(' ')[0]["approval_id=".Length..];
        await RunAsync($"approvals approve {id} --add 2 --for 1h");

        Assert.Contains("\nraised_microcents=200000000\n", await RunAsync("budget get --agent researcher"), StringComparison.Ordinal);
        Assert.Contains("$0.00 + $2.00 raised for a time", (await _sidecar.Cli(terminal: true).RunAsync("budget get --agent researcher")).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deny_IsTold()
    {
        await _sidecar.ChatAsync("researcher");
        var id = (await RunAsync("approvals list")).Split(' ')[0]["approval_id=".Length..];

        Assert.StartsWith($"approval_id={id} state=denied ", await RunAsync($"approvals deny {id} --reason No"), StringComparison.Ordinal);

        Assert.Equal(402, await _sidecar.ChatAsync("researcher"));
        Assert.Contains("\"state\": \"denied\"", await RunAsync("approvals list --state denied --json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_LeavesOutWhatIsOver()
    {
        await _sidecar.ChatAsync("researcher");
        await RunAsync("limit set researcher --per total --amount-cents 0 --asks");

        Assert.Equal("(nothing is asked for)\n", await RunAsync("approvals list"));
        Assert.Contains("state=over agent_id=researcher", await RunAsync("approvals list --state over"), StringComparison.Ordinal);
        Assert.Contains("over", (await _sidecar.Cli(terminal: true).RunAsync("approvals list --state all")).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_TellsARaiseThatWasEnded_AndWhyItWasMade()
    {
        await _sidecar.ChatAsync("researcher");
        var id = (await RunAsync("approvals list")).Split(' ')[0]["approval_id=".Length..];
        await RunAsync(["approvals", "approve", id, "--add", "0.05", "--reason", "A long night"]);
        Assert.EndsWith(" reason=A long night\n", await RunAsync("approvals list --state approved"), StringComparison.Ordinal);

        await RunAsync("budget set --agent researcher --limit 2");

        Assert.Equal("(no requests for approval)\n", await RunAsync("approvals list --state approved"));
        Assert.StartsWith($"approval_id={id} state=ended ", await RunAsync("approvals list --state ended"), StringComparison.Ordinal);
        var shown = await _sidecar.Cli(terminal: true).RunAsync("approvals list --state all");
        Assert.Contains("ended", shown.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("night", shown.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("which has ended", (await _sidecar.Cli(terminal: true).RunAsync($"approvals approve {id} --add 0.05")).Succeeded(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approvals approve apr_1", 2, "Give --add with an amount in dollars, or --add-cents.")]
    [InlineData("approvals approve apr_1 --add 5 --add-cents 5", 2, "Give --add with an amount in dollars, or --add-cents.")]
    [InlineData("approvals approve apr_1 --add five", 2, "'five' is no amount.")]
    [InlineData("approvals approve apr_1 --add 5", 1, "HTTP 404: There is no request for approval")]
    [InlineData("approvals deny apr_1", 1, "HTTP 404: There is no request for approval")]
    [InlineData("limit set researcher --per day --amount-cents 0.5", 2, "'0.5'")]
    [InlineData("approvals approve apr_1 --add-cents 0.01", 2, "'0.01'")]
    [InlineData("limit set researcher --per day --amount-cents 1 --pauses --asks", 2, "Give --pauses or --asks, not both")]
    public async Task WhatCannotBe_IsRefusedInASentence(string command, int exitCode, string sentence)
    {
        var ran = await _sidecar.Cli().RunAsync(command);

        Assert.Equal(exitCode, ran.ExitCode);
        Assert.Contains(sentence, ran.Error, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string command) => (await _sidecar.Cli().RunAsync(command)).Succeeded();

    private async Task<string> RunAsync(IReadOnlyList<string> args) => (await _sidecar.Cli().RunAsync(args)).Succeeded();
}
