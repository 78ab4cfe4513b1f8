using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Tests.Dialects;

namespace SpendGuard.Sidecar.Tests.Dialects.Anthropic;

/// <summary>What is read from a request and what is sent for it.</summary>
public sealed class AnthropicDialectTests
{
    private const string Mark = """ "cache_control": { "type": "ephemeral", "ttl": "1h" } """;

    private readonly AnthropicMessagesDialect _dialect = new();

    [Theory]
    [InlineData($$""" "messages": [], {{Mark}} """)]
    [InlineData($$""" "messages": [], "system": [{ "type": "text", "text": "x", {{Mark}} }] """)]
    [InlineData($$""" "messages": [], "tools": [{ "name": "x", "input_schema": {}, {{Mark}} }] """)]
    [InlineData($$""" "messages": [{ "role": "user", "content": [{ "type": "text", "text": "x", {{Mark}} }] }] """)]
    [InlineData($$""" "messages": [{ "role": "user", "content": [{ "type": "tool_result", "content": [{ "type": "text", "text": "x", {{Mark}} }] }] }] """)]
    [InlineData(""" "messages": [], "cache_control": { "type": "ephemeral", "ttl": "24h" } """)]
    [InlineData(""" "messages": [], "cache\u005fcontrol": { "type": "ephemeral", "ttl": "1h" } """)]
    public void CacheOfAnHour_IsSeenWhereverItStands(string fields) => Assert.True(Read(fields).Shape.LongCacheWrites);

    [Theory]
    [InlineData(""" "messages": [] """)]
    [InlineData(""" "messages": [], "cache_control": { "type": "ephemeral" } """)]
    [InlineData(""" "messages": [], "cache_control": { "type": "ephemeral", "ttl": "5m" } """)]
    [InlineData(""" "messages": [{ "role": "user", "content": "\"cache_control\": { \"ttl\": \"1h\" }" }] """)]
    public void CacheOfMinutes_IsNotHeldForAsOneOfAnHour(string fields) => Assert.False(Read(fields).Shape.LongCacheWrites);

    [Theory]
    [InlineData("claude-opus-4-6", true)]
    [InlineData("claude-opus-4-7-20260301", true)]
    [InlineData("claude-sonnet-5", true)]
    [InlineData("claude-haiku-5-5", true)]
    [InlineData("claude-opus-10", true)]
    [InlineData("claude-opus-4-5-20251101", false)]
    [InlineData("claude-opus-4-20250514", false)]
    [InlineData("claude-4-opus-20250514", false)]
    [InlineData("claude-3-5-sonnet-20241022", false)]
    [InlineData("claude-", false)]
    [InlineData("other-sonnet-5", false)]
    public void Place_IsPinnedForModelsThatTakeIt(string model, bool pinned)
    {
        var sent = Cap($$"""{ "model": "{{model}}", "messages": [] }""", 5);

        Assert.Equal(pinned ? "global" : null, (string?)sent["inference_geo"]);
    }

    [Fact]
    public void Cap_ReplacesWhatWasAsked_AndNothingElse()
    {
        var sent = Cap("""{ "model": "claude-opus-4", "max_tokens": 9, "service_tier": "auto", "messages": [], "temperature": 1.50 }""", 5);

        Assert.Equal(
            """{"model":"claude-opus-4","messages":[],"temperature":1.50,"max_tokens":5,"service_tier":"standard_only"}""", sent.ToJsonString());
    }

    [Theory]
    [InlineData("bash_20250124")]
    [InlineData("computer_20251124")]
    [InlineData("memory_20250818")]
    [InlineData("text_editor_20250728")]
    public void ToolsThatTheClientRuns_AreBoundedByMoreThanTheirBytes(string type)
    {
        var without = Read(""" "messages": [] """).Shape.InputBound;
        var with = Read($$""" "messages": [], "tools": [{ "type": "{{type}}", "name": "x" }] """).Shape.InputBound;

        Assert.True(with - without > 3_000);
    }

    /// <summary>What is cleared leaves a text of the provider's own behind, which may be longer than what stood there.</summary>
    [Theory]
    [InlineData("""{ "type": "tool_use", "id": "t", "name": "f", "input": {} }""", true)]
    [InlineData("""{ "type": "tool_result", "tool_use_id": "t", "content": "" }""", true)]
    [InlineData("""{ "type": "thinking", "thinking": "", "signature": "" }""", true)]
    [InlineData("""{ "type": "text", "text": "x" }""", false)]
    public void ContextEdits_AreBoundedByAPlaceholderForEachBlockThatTheyMayClear(string block, bool cleared)
    {
        var messages = $$""" "messages": [{ "role": "user", "content": [{{block}}, {{block}}] }, { "role": "user", "content": "x" }] """;
        var without = Read(messages).Shape.InputBound;
        var with = Read(messages + """, "context_management": { "edits": [{ "type": "clear_tool_uses_20250919" }] } """).Shape.InputBound;

        Assert.Equal(cleared ? 2 * 64 : 0, with - without);
    }

    [Fact]
    public void UnknownField_IsPassedOnWhenAllowed()
    {
        var request = Request("""{ "model": "claude-opus-4", "messages": [], "made_up": 1 }""") with { Policy = new FieldPolicy(Strict: false) };
        _dialect.Read(request);

        Assert.Contains("\"made_up\":1", System.Text.Encoding.UTF8.GetString(_dialect.Cap(request, new CallGrant(5)).Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1h", 0, 12)]
    [InlineData("5m", 12, 0)]
    public void CacheWrite_OfUnknownLife_IsTheDearestThatWasAskedFor(string life, long expectedShort, long expectedLong)
    {
        var request = Request($$"""{ "model": "claude-sonnet-5", "messages": [], "cache_control": { "type": "ephemeral", "ttl": "{{life}}" } }""");
        var answer = JsonDocument.Parse("""{ "usage": { "input_tokens": 1, "cache_creation_input_tokens": 12, "output_tokens": 2 } }""").RootElement;
        var usage = _dialect.ReadAnswer(request, answer).Usage!;

        Assert.Equal((expectedShort, expectedLong), (usage.CacheWrite, usage.LongCacheWrite));
    }

    private Call Read(string fields) => _dialect.Read(Request($$"""{ "model": "claude-sonnet-5", {{fields}} }"""));

    private JsonNode Cap(string body, long cap) => JsonNode.Parse(_dialect.Cap(Request(body), new CallGrant(cap)).Span)!;

    private Call Request(string body) => SampleCall.Of("anthropic", _dialect, JsonElement.Parse(body));
}
