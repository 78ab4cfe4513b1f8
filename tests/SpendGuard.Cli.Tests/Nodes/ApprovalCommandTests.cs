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
