using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Control.Tree;

/// <summary>A run has a limit of its own, given by its first call.</summary>
public sealed class RunLimitTests : IAsyncLifetime
{
    private const string Limit = "x-spendguard-run-limit-cents";
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await SidecarFixture.StartAsync();

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Runs_OfTwoAgents_SpendNoMoreThanEachSays()
    {
        var ann = await _sidecar.AgentAsync(cents: 1_000);
        var bob = await _sidecar.AgentAsync(cents: 1_000);
        var spent = new Dictionary<string, long> { [ann] = 0, [bob] = 0 };
        _sidecar.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        foreach (var agent in (string[])[ann, bob])
        {
            Reply reply;
            while ((reply = await CallAsync(agent, "run-1", "1")).Status == 200)
            {
                spent[agent] += reply.ChargedMicrocents;
            }

            Assert.Equal(402, reply.Status);
            Assert.StartsWith($"Insufficient budget: run 'run-1' of agent '{agent}' has ", (string?)reply.Body["detail"], StringComparison.Ordinal);
            Assert.Contains("left of $0.01 in all", (string?)reply.Body["detail"], StringComparison.Ordinal);
            Assert.Equal((agent, "run:run-1", null), ((string?)reply.Body["node"], (string?)reply.Body["limit"], (string?)reply.Body["resets_at"]));
            Assert.InRange(spent[agent], 1, Money.FromCents(1).Microcents);
            Assert.Equal(spent[agent], await _sidecar.SpentAsync(agent));
        }

        Assert.Equal(spent.Values.Sum(), _sidecar.Provider.Bill.TotalMicrocents);
        Assert.Equal(200, (await CallAsync(ann, "run-2", "1")).Status);
    }

    [Fact]
    public async Task WhatRemains_IsOfTheRun_WhereThatIsLess()
    {
        var agent = await _sidecar.AgentAsync(cents: 1_000);

        Assert.Equal("49", (await CallAsync(agent, "run-1", "50")).Headers["x-spendguard-remaining-cents"]);
        Assert.Equal("49", (await CallAsync(agent, "run-1", limit: null)).Headers["x-spendguard-remaining-cents"]);
        Assert.Equal("999", (await CallAsync(agent, "run-2", limit: null)).Headers["x-spendguard-remaining-cents"]);
    }

    [Fact]
    public async Task Header_DoesNotGoToTheProvider()
    {
        var agent = await _sidecar.AgentAsync();
        IEnumerable<string> sent = [];
        _sidecar.Provider.OnArrival = request => Task.FromResult(sent = request.Headers.Keys);

        Assert.Equal(200, (await CallAsync(agent, "run-1", "50")).Status);

        Assert.NotEmpty(sent);
        Assert.DoesNotContain(sent, name => name.StartsWith("x-spendguard", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task OtherLimit_ForTheSameRun_IsAConflict()
    {
        var agent = await _sidecar.AgentAsync();
        Assert.Equal(200, (await CallAsync(agent, "run-1", "50")).Status);

        var other = await CallAsync(agent, "run-1", "60");

        Assert.Equal((409, "false"), (other.Status, other.Headers["x-should-retry"]));
        Assert.Equal("Run 'run-1' may cost $0.50, as its first call has said, and this one says $0.60. Say the same, or begin a new run.", (string?)other.Body["detail"]);
        Assert.Equal(("conflict_error", "id_conflict"), ((string?)other.Body["error"]?["type"], (string?)other.Body["error"]?["code"]));
        Assert.Single(_sidecar.Provider.Calls);
    }

    [Theory]
    [InlineData(null, "50", "The header x-spendguard-run-limit-cents is for a run, and the call names none.")]
    [InlineData("run-1", "0", "The header x-spendguard-run-limit-cents has to be a whole number of cents of at least 1.")]
    [InlineData("run-1", "1.5", "The header x-spendguard-run-limit-cents has to be a whole number of cents of at least 1.")]
    [InlineData("run-1", "9223372036854775807", "An amount is out of range")]
    public async Task Header_ThatCannotBeMeant_IsRefused(string? run, string limit, string sentence)
    {
        var agent = await _sidecar.AgentAsync();

        var refused = await CallAsync(agent, run, limit);

        Assert.Equal(400, refused.Status);
        Assert.StartsWith(sentence, (string?)refused.Body["detail"], StringComparison.Ordinal);
        await _sidecar.AssertNothingHappenedAsync(agent);
    }

    [Fact]
    public async Task Run_OfThePath_CanHaveALimitToo()
    {
        var agent = await _sidecar.AgentAsync(cents: 1_000);

        var reply = await _sidecar.AskAsync(
            $"/v1/agents/{agent}/runs/run-7/openai/chat/completions", agent: null,
            """{"model":"gpt-4o-mini","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}""", (Limit, "50"));

        Assert.Equal((200, "49"), (reply.Status, reply.Headers["x-spendguard-remaining-cents"]));
    }

    [Fact]
    public async Task Batch_HoldsInItsRunToo()
    {
        var agent = await _sidecar.AgentAsync(cents: 1_000);

        var refused = await _sidecar.AskAsync(
            "/v1/messages/batches", agent,
            """{"requests":[{"custom_id":"a","params":{"model":"claude-haiku-4-5","max_tokens":60000,"messages":[{"role":"user","content":"Hi"}]}}]}""",
            (Limit, "1"), ("x-spendguard-run-id", "run-1"));

        Assert.Equal(402, refused.Status);
        Assert.StartsWith($"Insufficient budget: run 'run-1' of agent '{agent}'", (string?)refused.Body["detail"], StringComparison.Ordinal);
    }

    private Task<Reply> CallAsync(string agent, string? run, string? limit) => _sidecar.ChatAsync(
        agent, maxTokens: 4_000, [.. run is null ? [] : new[] { ("x-spendguard-run-id", run) }, .. limit is null ? [] : new[] { (Limit, limit) }]);
}
