using System.Net;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects;

/// <summary>What clients send beyond the plain: it goes through, strict as to what is not known, and the dearest provider bills no more than is held.</summary>
public sealed class SpecimenTests
{
    private const string ManyResults = """
        "messages": [
          { "role": "assistant", "content": [{ "type": "tool_use", "id": "a", "name": "f", "input": {} }, { "type": "tool_use", "id": "b", "name": "f", "input": {} }] },
          { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "a", "content": "" }, { "type": "tool_result", "tool_use_id": "b" }] }]
        """;

    private static readonly ProviderPrice Steep = new("gpt-4o", 1_000, 1);

    private static readonly ProviderPrice SteepClaude = new("claude-haiku-4-5", 100, 500) { CachedInput = 10, CacheWrite = 125, CacheWriteOneHour = 200 };

    public static TheoryData<string> OfResponses =>
    [
        """ "tools": [{ "type": "custom", "name": "patch", "description": "d", "format": { "type": "grammar", "syntax": "lark", "definition": "start: x" } }] """,
        """ "tools": [{ "type": "namespace", "name": "n", "description": "d", "tools": [{ "type": "function", "name": "f", "parameters": { "type": "object" } }, { "type": "custom", "name": "c" }] }] """,
        """ "tools": [{ "type": "tool_search", "execution": "client", "description": "d", "parameters": { "type": "object" } }] """,
        """ "client_metadata": { "thread_id": "t", "x-codex-turn-metadata": "a text that is longer than names are, as a client may have put into it a whole object" } """,
    ];

    public static TheoryData<string> OfInput =>
    [
        """{ "type": "additional_tools", "id": "i", "role": "developer", "tools": [{ "type": "namespace", "name": "n", "tools": [{ "type": "function", "name": "f", "strict": false, "parameters": {} }] }] }""",
        """{ "type": "tool_search_call", "id": "i", "call_id": "c", "execution": "client", "status": "completed", "arguments": { "query": "q" } }""",
        """{ "type": "tool_search_output", "id": "i", "call_id": "c", "execution": "client", "status": "completed", "tools": [{ "type": "function", "name": "f", "parameters": {}, "defer_loading": true }] }""",
    ];

    public static TheoryData<string> OfMessages =>
    [
        ManyResults + """, "context_management": { "edits": [{ "type": "clear_tool_uses_20250919", "trigger": { "type": "input_tokens", "value": 1 }, "keep": { "type": "tool_uses", "value": 0 }, "clear_at_least": { "type": "input_tokens", "value": 1 }, "exclude_tools": ["g"], "clear_tool_inputs": true }] } """,
        ManyResults + """, "context_management": { "edits": [{ "type": "clear_thinking_20251015", "keep": { "type": "thinking_turns", "value": 1 } }] } """,
        ManyResults + """, "tools": [{ "name": "f", "input_schema": { "type": "object" }, "defer_loading": true, "cache_control": { "type": "ephemeral", "scope": "global" } }] """,
        """ "messages": [{ "role": "system", "content": "be brief", "output_config": { "effort": "low" } }, { "role": "user", "content": "hi" }] """,
        """ "messages": [{ "role": "user", "content": "hi" }], "metadata": { "user_id": "a text that is longer than names are, as a client may have put into it a whole object" } """,
    ];

    [Theory]
    [MemberData(nameof(OfResponses))]
    public Task Responses(string fields) => TakenAsync(Steep, "/v1/responses", $$"""{ "model": "gpt-4o", "max_output_tokens": 16, "input": "hi", {{fields}} }""");

    [Theory]
    [MemberData(nameof(OfInput))]
    public Task ResponsesInput(string item) => TakenAsync(Steep, "/v1/responses", $$"""{ "model": "gpt-4o", "max_output_tokens": 16, "input": [{{item}}] }""");

    [Theory]
    [MemberData(nameof(OfMessages))]
    public Task Messages(string fields) => TakenAsync(SteepClaude, "/v1/messages", $$"""{ "model": "claude-haiku-4-5", "max_tokens": 1, {{fields}} }""");

    private static async Task TakenAsync(ProviderPrice price, string path, string body)
    {
        await using var sidecar = await SidecarFixture.StartAsync([price]);
        if (price == Steep)
        {
            sidecar.AddPrice(new RateCard
            {
                Model = new ModelKey("openai", "gpt-4o"),
                Rates = new() { Input = Rate.FromMicrocents(1_000), Output = Rate.FromMicrocents(1), CacheWrite = Rate.FromMicrocents(1_000) },
            });
        }

        sidecar.Provider.Behaviour = new Behaviour { UseTheMost = true };
        var agent = await sidecar.AgentAsync(cents: 1_000);
        var holds = sidecar.WatchHolds(agent);
        var reply = await sidecar.AskAsync(path, agent, body, ("x-openai-internal-codex-responses-lite", "true"));

        Assert.True(reply.Status == (int)HttpStatusCode.OK, reply.Text);
        Assert.InRange(await sidecar.AssertPaidAsBilledAsync(agent), 1, Assert.Single(holds));
    }
}
