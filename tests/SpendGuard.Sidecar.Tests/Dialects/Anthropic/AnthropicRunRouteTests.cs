using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.Anthropic;

/// <summary>The run route, which gives the text and the bill.</summary>
public sealed class AnthropicRunRouteTests : IAsyncLifetime
{
    private SidecarFixture _fixture = null!;
    private string _agent = null!;

    public async Task InitializeAsync()
    {
        _fixture = await SidecarFixture.StartAsync();
        _agent = await _fixture.AgentAsync(cents: 100);
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Answer_HasTextRawUsageAndBill()
    {
        _fixture.Provider.Behaviour = new() { Reply = _ => SimulatedReply.Say("All is well."), CachedInputTokens = 4 };
        var reply = await PostAsync(
            """{ "model": "claude-sonnet-5", "max_tokens": 64, "messages": [{ "role": "user", "content": "hello world" }] }""");

        var call = Assert.Single(_fixture.Provider.Calls);
        Assert.Equal(200, reply.Status);
        Assert.Equal("All is well.", (string?)reply.Body["completion"]);
        Assert.Equal("All is well.", (string?)reply.Body["raw"]!["content"]![0]!["text"]);
        Assert.Equal(call.InputTokens, (long)reply.Body["usage"]!["tokens_in"]!);
        Assert.Equal(call.OutputTokens, (long)reply.Body["usage"]!["tokens_out"]!);
        var bill = reply.Body["billing_breakdown"]!;
        Assert.Equal(("anthropic", "claude-sonnet-5"), ((string?)bill["provider"], (string?)bill["model"]));
        var charges = bill["charges"]!.AsArray().ToDictionary(charge => (string)charge!["name"]!, charge => charge!);
        Assert.Equal((5, 5 * 200), ((int)charges["input_tokens_base"]["quantity"]!, (int)charges["input_tokens_base"]["cost_microcents"]!));
        Assert.Equal((4, 4 * 20), ((int)charges["input_tokens_cache_read"]["quantity"]!, (int)charges["input_tokens_cache_read"]["cost_microcents"]!));
        Assert.Equal(call.OutputTokens * 1000, (long)charges["output_tokens"]["cost_microcents"]!);
        Assert.Equal(call.ChargeMicrocents, (long)bill["totals"]!["realized_microcents"]!);
        await _fixture.AssertChargedAsync(_agent, call.ChargeMicrocents, SidecarFixture.AnthropicKey);
    }

    [Fact]
    public async Task Stream_PassesAsItIs()
    {
        var reply = await PostAsync(
            """{ "model": "claude-sonnet-5", "max_tokens": 64, "stream": true, "messages": [{ "role": "user", "content": "hello world" }] }""");

        Assert.Contains("event: message_stop", reply.Text, StringComparison.Ordinal);
        await _fixture.AssertChargedAsync(_agent, (9 * 200) + (20 * 1000), SidecarFixture.AnthropicKey);
    }

    [Fact]
    public async Task Usage_LeftOut_IsNotShownAsNothing()
    {
        _fixture.Provider.Behaviour = new() { OmitUsage = true };
        var reply = await PostAsync(
            """{ "model": "claude-sonnet-5", "max_tokens": 64, "messages": [{ "role": "user", "content": "hello world" }] }""");

        Assert.Null(reply.Body["usage"]!["tokens_out"]);
        Assert.Equal(await _fixture.SpentAsync(_agent), (long)reply.Body["billing_breakdown"]!["totals"]!["realized_microcents"]!);
    }

    [Fact]
    public async Task Cap_LeftOut_IsTheDefault()
    {
        await using var fixture = await SidecarFixture.StartAsync(settings: [("CAP_DEFAULT_MAX_OUTPUT_TOKENS", "77")]);
        var agent = await fixture.AgentAsync(cents: 100);
        var reply = await fixture.AskAsync(
            $"v1/agents/{agent}/runs/run-1/anthropic/messages",
            agent: null,
            """{ "model": "claude-haiku-4-5", "messages": [{ "role": "user", "content": "hello world" }] }""");

        Assert.Equal(200, reply.Status);
        Assert.Equal(77, Assert.Single(fixture.Provider.Calls).MaxOutputTokens);
    }

    [Fact]
    public async Task Failure_OfTheProvider_Is502WithItsMessage()
    {
        _fixture.Provider.Behaviour = new() { FailWithStatus = 400 };
        var reply = await PostAsync(
            """{ "model": "claude-sonnet-5", "max_tokens": 64, "messages": [{ "role": "user", "content": "hello world" }] }""");

        Assert.Equal(502, reply.Status);
        Assert.Equal("The simulated provider was told to answer 400.", (string?)reply.Body["detail"]);
        await _fixture.AssertChargedAsync(_agent, 0, SidecarFixture.AnthropicKey);
    }

    private Task<Reply> PostAsync(string json) =>
        _fixture.AskAsync($"v1/agents/{_agent}/runs/run-1/anthropic/messages", agent: null, json);
}
