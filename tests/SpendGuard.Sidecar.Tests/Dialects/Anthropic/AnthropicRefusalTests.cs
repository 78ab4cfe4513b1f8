using Anthropic.Exceptions;

namespace SpendGuard.Sidecar.Tests.Dialects.Anthropic;

/// <summary>What is refused before anything is sent, in Anthropic's own envelope.</summary>
public sealed class AnthropicRefusalTests : IAsyncLifetime
{
    private const string Question = """{ "model": "claude-sonnet-5", "max_tokens": 16, "messages": [{ "role": "user", "content": "hi" }] }""";

    private SidecarFixture _fixture = null!;
    private string _agent = null!;

    public async Task InitializeAsync()
    {
        _fixture = await SidecarFixture.StartAsync();
        _agent = await _fixture.AgentAsync(cents: 1_000);
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Budget_TooSmall_Is402()
    {
        var poor = await _fixture.AgentAsync(cents: 1);
        var reply = await PostAsync(poor, $$"""
            { "model": "claude-sonnet-5", "max_tokens": 16, "messages": [{ "role": "user", "content": "{{string.Concat(Enumerable.Repeat("xxxx ", 20_000))}}" }] }
            """);

        AssertRefused(reply, 402, "billing_error");
        Assert.StartsWith("Insufficient budget", (string?)reply.Body["detail"]);
        Assert.Equal("false", reply.Headers["x-should-retry"]);
        await _fixture.AssertOnlyCountedAsync(poor);
    }

    [Fact]
    public async Task Budget_Locked_Is409()
    {
        var arrived = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        _fixture.Provider.OnArrival = async _ =>
        {
            arrived.SetResult();
            await answer.Task;
        };
        var first = PostAsync(_agent, Question);
        await arrived.Task;
        var second = await PostAsync(_agent, Question);
        answer.SetResult();

        AssertRefused(second, 409, "conflict_error");
        Assert.Equal("Agent budget is locked by an in-flight run", (string?)second.Body["detail"]);
        Assert.True(second.Headers.ContainsKey("Retry-After"));
        Assert.Equal(200, (await first).Status);
        await _fixture.AssertChargedAsync(_agent, Assert.Single(_fixture.Provider.Calls).ChargeMicrocents, SidecarFixture.AnthropicKey);
    }

    [Fact]
    public async Task OfficialClient_SeesTheRefusal()
    {
        using var client = AnthropicSdk.For(_fixture, await _fixture.AgentAsync(cents: 1));
        var error = await Assert.ThrowsAnyAsync<AnthropicApiException>(
            () => client.Messages.Create(AnthropicMessagesTests.Question() with { System = new string('x', 50_000) }));

        Assert.Equal(402, (int)error.StatusCode);
        Assert.Contains("billing_error", error.ResponseBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agent_Missing_Is400()
    {
        var reply = await _fixture.AskAsync("v1/messages", agent: null, Question);

        AssertRefused(reply, 400, "invalid_request_error");
        Assert.Equal("Missing x-cynsta-agent-id header", (string?)reply.Body["detail"]);
    }

    [Fact]
    public async Task Model_WithoutPrice_Is400()
    {
        var reply = await PostAsync(_agent, """{ "model": "claude-none", "max_tokens": 1, "messages": [{ "role": "user", "content": "hi" }] }""");

        AssertRefused(reply, 400, "invalid_request_error");
        Assert.Equal("Unknown model for pricing: anthropic:claude-none", (string?)reply.Body["detail"]);
        await _fixture.AssertNothingHappenedAsync(_agent);
    }

    [Theory]
    [InlineData("'fallbacks'", """ "fallbacks": [{ "model": "claude-opus-5" }] """)]
    [InlineData("'context_management.edits[].type' is 'compact_20260112'", """ "context_management": { "edits": [{ "type": "compact_20260112" }] } """)]
    [InlineData("'mcp_servers'", """ "mcp_servers": [{ "type": "url", "url": "https://example.com" }] """)]
    [InlineData("'container'", """ "container": "container_1" """)]
    [InlineData("service tier 'fast'", """ "speed": "fast" """)]
    [InlineData("'inference_geo' is 'eu'", """ "inference_geo": "eu" """)]
    [InlineData("'service_tier' is 'priority'", """ "service_tier": "priority" """)]
    [InlineData("'made_up'", """ "made_up": 1 """)]
    [InlineData("'thinking.made_up'", """ "thinking": { "type": "adaptive", "made_up": 1 } """)]
    [InlineData("'tools[].made_up'", """ "tools": [{ "name": "f", "input_schema": { "type": "object" }, "made_up": 1 }] """)]
    [InlineData("'tools[].type' is 'bash_20990101'", """ "tools": [{ "type": "bash_20990101", "name": "bash" }] """)]
    [InlineData("'system[].cache_control.made_up'", """ "system": [{ "type": "text", "text": "x", "cache_control": { "type": "ephemeral", "made_up": 1 } }] """)]
    [InlineData("'compaction'", """ "compaction": { "type": "summarize" } """)]
    [InlineData("'billing_policy'", """ "billing_policy": { "type": "billing_policy", "bill_to": "user_profile" } """)]
    [InlineData("'tools[].type' is 'tool_search_tool_regex_20251119'", """ "tools": [{ "type": "tool_search_tool_regex_20251119", "name": "tool_search_tool_regex" }] """)]
    [InlineData("Set 'max_uses'", """ "tools": [{ "type": "web_search_20250305", "name": "web_search", "max_uses": 100000 }] """)]
    [InlineData("Set 'allowed_callers'", """ "tools": [{ "type": "web_search_20250305", "name": "web_search", "max_uses": 1, "allowed_callers": ["direct", "code_execution_20250825"] }] """)]
    [InlineData("Set 'allowed_callers'", """ "tools": [{ "type": "web_search_20260209", "name": "web_search", "max_uses": 1 }] """)]
    [InlineData("'web_fetch_20250910'", """ "tools": [{ "type": "web_fetch_20250910", "name": "web_fetch" }] """)]
    [InlineData("'code_execution_20250825'", """ "tools": [{ "type": "code_execution_20250825", "name": "code_execution" }] """)]
    [InlineData("'mcp_toolset'", """ "tools": [{ "type": "mcp_toolset", "mcp_server_name": "x" }] """)]
    [InlineData("'max_tokens'", """ "max_tokens": 0 """)]
    public async Task Field_WithoutBound_IsRefusedByName(string named, string field)
    {
        var cap = field.Contains("max_tokens", StringComparison.Ordinal) ? "" : """ "max_tokens": 16, """;
        var reply = await PostAsync(
            _agent, $$"""{ "model": "claude-sonnet-5", {{cap}} "messages": [{ "role": "user", "content": "hi" }], {{field}} }""");

        AssertRefused(reply, 400, "invalid_request_error");
        Assert.Contains(named, (string?)reply.Body["detail"], StringComparison.Ordinal);
        await _fixture.AssertNothingHappenedAsync(_agent);
    }

    [Theory]
    [InlineData("'container_upload'", """{ "type": "container_upload", "file_id": "f" }""")]
    [InlineData("'made_up'", """{ "type": "made_up" }""")]
    [InlineData("'messages[].content[].made_up'", """{ "type": "text", "text": "x", "made_up": 1 }""")]
    [InlineData("'messages[].content[].content[].made_up'", """{ "type": "tool_result", "tool_use_id": "t", "content": [{ "type": "text", "text": "x", "made_up": 1 }] }""")]
    [InlineData("'messages[].content[].tool.definition.type' is 'web_search_20250305'", """{ "type": "tool_addition", "tool": { "type": "tool_definition", "definition": { "type": "web_search_20250305", "name": "web_search", "max_uses": 1 } } }""")]
    [InlineData("'messages[].content[].source.type' is 'made_up'", """{ "type": "document", "source": { "type": "made_up" } }""")]
    [InlineData("'messages[].content[].tool.definition.type' is 'advisor_20260301'", """{ "type": "tool_addition", "tool": { "type": "tool_definition", "definition": { "type": "advisor_20260301", "name": "a", "model": "claude-opus-5" } } }""")]
    [InlineData("'made_up'", """{ "type": "tool_result", "tool_use_id": "t", "content": [{ "type": "made_up" }] }""")]
    [InlineData("Unicode", """{ "type": "text", "text": "\ud800" }""")]
    public async Task Content_WithoutBound_IsRefusedByName(string named, string block)
    {
        var reply = await PostAsync(
            _agent, $$"""{ "model": "claude-sonnet-5", "max_tokens": 16, "messages": [{ "role": "user", "content": [{{block}}] }] }""");

        AssertRefused(reply, 400, "invalid_request_error");
        Assert.Contains(named, (string?)reply.Body["detail"], StringComparison.Ordinal);
        await _fixture.AssertNothingHappenedAsync(_agent);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "\ud800": 1 }""")]
    [InlineData("""{ "model": "claude-sonnet-5", "messages": [{ "\ud800": 1, "content": "x" }] }""")]
    [InlineData("""{ "model": "claude-sonnet-5", "messages": [], "messages": [] }""")]
    [InlineData("""{ "model": "claude-sonnet-5" }""")]
    [InlineData("""{ "model": "claude-sonnet-5", "messages": [1] }""")]
    [InlineData("""{ "model": "claude-sonnet-5", "messages": [{ "content": 1 }] }""")]
    [InlineData("""{ "model": "\udc00", "messages": [] }""")]
    [InlineData("""{ "model": " ", "messages": [] }""")]
    public async Task Body_OfAnotherForm_IsRefused(string json)
    {
        AssertRefused(await PostAsync(_agent, json), 400, "invalid_request_error");
        await _fixture.AssertNothingHappenedAsync(_agent);
    }

    [Fact]
    public async Task Key_Missing_Is500WithTheNameOfTheSetting()
    {
        await using var fixture = await SidecarFixture.StartAsync(settings: [("ANTHROPIC_API_KEY", null)]);
        var agent = await fixture.AgentAsync(cents: 100);
        var reply = await fixture.AskAsync("v1/messages", agent, Question);

        AssertRefused(reply, 500, "api_error");
        Assert.Contains("ANTHROPIC_API_KEY", (string?)reply.Body["detail"], StringComparison.Ordinal);
        await fixture.AssertNothingHappenedAsync(agent);
    }

    [Fact]
    public async Task Beta_Unknown_IsRefusedByName()
    {
        var reply = await _fixture.AskAsync(
            "v1/messages", _agent, Question, ("anthropic-beta", "interleaved-thinking-2025-05-14, made-up-2026-02-01"));

        AssertRefused(reply, 400, "invalid_request_error");
        Assert.Contains("'made-up-2026-02-01'", (string?)reply.Body["detail"], StringComparison.Ordinal);
        await _fixture.AssertNothingHappenedAsync(_agent);
    }

    [Fact]
    public async Task Beta_WithoutBound_IsRefusedByNameWhateverTheStrictness()
    {
        await using var fixture = await SidecarFixture.StartAsync(settings: [("SPENDGUARD_STRICT_FIELDS", "false")]);
        var agent = await fixture.AgentAsync(cents: 100);
        var refused = await fixture.AskAsync("v1/messages", agent, Question, ("anthropic-beta", "dreaming-2026-04-21"));
        AssertRefused(refused, 400, "invalid_request_error");
        await fixture.AssertNothingHappenedAsync(agent);

        var marked = await fixture.AskAsync(
            "v1/messages", agent, Question, ("anthropic-beta", "interleaved-thinking-2025-05-14, made-up-2026-02-01"));
        Assert.Equal(200, marked.Status);
        Assert.Equal("made-up-2026-02-01", marked.Headers["x-spendguard-unbounded"]);
    }

    [Fact]
    public async Task Beta_Harmless_GoesThrough()
    {
        string? seen = null;
        _fixture.Provider.OnArrival = request =>
        {
            seen = request.Headers.GetValueOrDefault("anthropic-beta");
            return Task.CompletedTask;
        };
        var reply = await _fixture.AskAsync("v1/messages", _agent, Question, ("anthropic-beta", "interleaved-thinking-2025-05-14"));

        Assert.Equal(200, reply.Status);
        Assert.Equal("interleaved-thinking-2025-05-14", seen);
    }

    [Theory]
    [InlineData("""{ "type": "text", "text": "hello" }""")]
    [InlineData("""{ "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AA==" } }""")]
    [InlineData("""{ "type": "thinking", "thinking": "so", "signature": "c2ln" }""")]
    [InlineData("""{ "type": "redacted_thinking", "data": "ZGF0YQ==" }""")]
    [InlineData("""{ "type": "tool_addition", "tool": { "type": "tool_definition", "definition": { "name": "f", "input_schema": { "type": "object" } } } }""")]
    [InlineData("""{ "type": "tool_use", "id": "t", "name": "search", "input": { "query": "x" } }""")]
    [InlineData("""{ "type": "tool_result", "tool_use_id": "t", "content": [{ "type": "text", "text": "x" }, { "type": "image", "source": { "type": "url", "url": "https://example.com/a.png" } }] }""")]
    [InlineData("""{ "type": "document", "title": "t", "source": { "type": "text", "media_type": "text/plain", "data": "x" } }""")]
    [InlineData("""{ "type": "search_result", "source": "s", "title": "t", "content": [{ "type": "text", "text": "x" }] }""")]
    public async Task Content_WithBound_GoesThroughAndIsHeldFor(string block)
    {
        var held = 0L;
        _fixture.Provider.OnArrival = async _ => held = (await _fixture.BudgetAsync(_agent))!.Held;
        var reply = await PostAsync(
            _agent, $$"""{ "model": "claude-sonnet-5", "max_tokens": 16, "messages": [{ "role": "user", "content": [{{block}}] }] }""");

        Assert.Equal(200, reply.Status);
        Assert.InRange(_fixture.Provider.Bill.TotalMicrocents, 1, held);
        await _fixture.AssertChargedAsync(_agent, reply.ChargedMicrocents, SidecarFixture.AnthropicKey);
    }

    private static void AssertRefused(Reply reply, int status, string type)
    {
        Assert.Equal(status, reply.Status);
        Assert.Equal("error", (string?)reply.Body["type"]);
        Assert.Equal(type, (string?)reply.Body["error"]!["type"]);
        Assert.NotEmpty((string)reply.Body["error"]!["message"]!);
        Assert.NotEmpty((string)reply.Body["detail"]!);
    }

    private Task<Reply> PostAsync(string agent, string json) => _fixture.AskAsync("v1/messages", agent, json);
}
