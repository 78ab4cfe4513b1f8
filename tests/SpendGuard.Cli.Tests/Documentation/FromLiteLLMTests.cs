using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>What the page for LiteLLM's users says of SpendGuard before another gateway is so; its commands are run by <see cref="PrintedCommandTests"/>.</summary>
public sealed class FromLiteLLMTests : IAsyncLifetime
{
    private SidecarFixture _sidecar = null!;
    private string _agent = "";

    public async Task InitializeAsync()
    {
        _sidecar = await RunningSidecar.StartAsync();
        _agent = await _sidecar.AgentAsync();
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("fallbacks", """["gpt-4o"]""")]
    [InlineData("tags", """["product:chat"]""")]
    [InlineData("guardrails", """["no-secrets"]""")]
    public async Task FieldOfTheGateway_IsRefusedByName(string field, string value)
    {
        var reply = await CallAsync("gpt-4o-mini", $",\"{field}\":{value}");

        Assert.Equal(400, reply.Status);
        Assert.Contains(field, (string)reply.Body["detail"]!, StringComparison.Ordinal);
        await _sidecar.AssertNothingHappenedAsync(_agent);
    }

    [Fact]
    public async Task NameThatOnlyTheGatewayHas_IsRefused()
    {
        var reply = await CallAsync("fast", "");

        Assert.Equal(400, reply.Status);
        Assert.StartsWith("Unknown model for pricing: openai:fast", (string)reply.Body["detail"]!, StringComparison.Ordinal);
        await _sidecar.AssertNothingHappenedAsync(_agent);
    }

    private Task<Reply> CallAsync(string model, string more) => _sidecar.AskAsync(
        "/v1/chat/completions", _agent, $$"""{"model":"{{model}}","max_tokens":10,"messages":[{"role":"user","content":"Hello"}]{{more}}}""");
}
