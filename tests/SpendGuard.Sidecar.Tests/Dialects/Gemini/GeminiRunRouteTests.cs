using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.Gemini;

/// <summary>The run route, which takes a prompt and gives the text.</summary>
public sealed class GeminiRunRouteTests : IAsyncLifetime
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
    public async Task Prompt_IsAnsweredWithTextAndUsage()
    {
        _fixture.Provider.Behaviour = new() { Reply = _ => SimulatedReply.Say("All is well."), ReasoningTokens = 4 };
        var reply = await PostAsync("""{ "model": "gemini-2.5-flash", "prompt": "hello world", "temperature": 0.2, "max_tokens": 50 }""");

        var call = Assert.Single(_fixture.Provider.Calls);
        Assert.Equal(200, reply.Status);
        Assert.Equal("All is well.", (string?)reply.Body["completion"]);
        Assert.Equal(call.InputTokens, (long)reply.Body["usage"]!["tokens_in"]!);
        Assert.Equal(call.OutputTokens, (long)reply.Body["usage"]!["tokens_out"]!);
        Assert.Equal((50, "gemini-2.5-flash"), (call.MaxOutputTokens, call.Model));
        await _fixture.AssertChargedAsync(_agent, call.ChargeMicrocents, SidecarFixture.GeminiKey);
    }

    [Fact]
    public async Task Failure_OfTheProvider_Is502WithItsMessage()
    {
        _fixture.Provider.Behaviour = new() { FailWithStatus = 404 };
        var reply = await PostAsync("""{ "model": "gemini-2.5-flash", "prompt": "hello world" }""");

        Assert.Equal(502, reply.Status);
        Assert.Equal("The simulated provider was told to answer 404.", (string?)reply.Body["detail"]);
        await _fixture.AssertChargedAsync(_agent, 0, SidecarFixture.GeminiKey);
    }

    [Theory]
    [InlineData("""{ "model": "gemini-2.5-flash" }""", "'prompt'")]
    [InlineData("""{ "prompt": "hello" }""", "'model'")]
    [InlineData("""{ "model": "gemini-2.5-flash", "prompt": "hello", "tools": [] }""", "'tools'")]
    [InlineData("""{ "model": "a/../b", "prompt": "hello" }""", "name")]
    public async Task Request_OfAnotherForm_IsRefused(string json, string named)
    {
        var reply = await PostAsync(json);

        Assert.Equal(400, reply.Status);
        Assert.Contains(named, (string?)reply.Body["detail"], StringComparison.Ordinal);
        await _fixture.AssertNothingHappenedAsync(_agent);
    }

    private Task<Reply> PostAsync(string json) =>
        _fixture.AskAsync($"v1/agents/{_agent}/runs/run-1/gemini/generateContent", agent: null, json);
}
