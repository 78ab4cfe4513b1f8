using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects;

/// <summary>A search that the provider runs has a fee, and runs the model once more on up to all that it takes in.</summary>
public sealed class HostedToolTests
{
    private const string Responses = "/v1/responses";
    private const string Messages = "/v1/messages";
    private const long Cent = 1_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Response_WebSearch_IsHeldForAtItsMost(int searches)
    {
        await using var call = await DearestCall.StartAsync(
            new ProviderPrice("gpt-5", 125, 1000) { CachedInput = 12.5m, Search = Cent, MaxOutputTokens = 128_000 });
        var runs = searches + 1;
        var (held, charged) = await call.MakeAsync(
            Responses,
            $$"""{"model":"gpt-5","input":"x","max_output_tokens":100,"tools":[{"type":"web_search","search_context_size":"high"}],"max_tool_calls":{{searches}}}""",
            new SimulatedUsage(runs * 272_000, runs * 100) { Searches = searches });

        Assert.Equal((runs * ((272_000 * 125) + (100 * 1_000))) + (searches * Cent), held);
        Assert.Equal(held, charged);
        Assert.Equal(searches, call.Sent.GetProperty("max_tool_calls").GetInt32());
    }

    [Fact]
    public async Task Response_FileSearch_WithAFeeIsHeldFor()
    {
        await using var call = await DearestCall.StartAsync(new ProviderPrice("search-me", 10, 100) { Search = Cent / 4 });
        call.AddPrice(new RateCard
        {
            Model = new ModelKey("openai", "search-me"),
            Rates = new TokenRates { Input = Rate.FromMicrocents(10), Output = Rate.FromMicrocents(100), CacheWrite = Rate.FromMicrocents(10) },
            MaxInputTokens = 1_000,
            Fees = ImmutableDictionary<UsageCategory, Rate>.Empty
                .Add(UsageCategory.FileSearch, Rate.FromMicrocents(Cent / 4)).Add(UsageCategory.WebSearch, Rate.FromMicrocents(Cent)),
        });
        var (held, _) = await call.MakeAsync(
            Responses,
            """{"model":"search-me","input":"x","max_output_tokens":100,"tools":[{"type":"file_search","vector_store_ids":["v"],"filters":{"type":"eq","key":"a","value":"b"}}],"max_tool_calls":2}""",
            new SimulatedUsage(3_000, 300));

        Assert.Equal((3 * ((1_000 * 10) + (100 * 100))) + (2 * (Cent / 4)), held);
    }

    [Theory]
    [InlineData("""{ "type": "web_search_20250305", "name": "web_search", "max_uses": 2 }""", 2)]
    [InlineData("""{ "type": "web_search_20260209", "name": "web_search", "max_uses": 1, "allowed_callers": ["direct"], "user_location": { "type": "approximate", "city": "Rome" } }""", 1)]
    public async Task Message_WebSearch_IsHeldForAtItsMost(string tool, int searches)
    {
        await using var call = await DearestCall.StartAsync(
            new ProviderPrice("claude-sonnet-5", 200, 1000) { CachedInput = 20, CacheWrite = 250, CacheWriteOneHour = 400, Search = Cent, MaxOutputTokens = 128_000 });
        var runs = searches + 1;
        var (held, charged) = await call.MakeAsync(
            Messages,
            $$"""{ "model": "claude-sonnet-5", "max_tokens": 100, "messages": [{ "role": "user", "content": "x" }], "tools": [{{tool}}] }""",
            new SimulatedUsage(runs * 1_000_000, runs * 100) { CacheWriteTokens = runs * 1_000_000, Searches = searches });

        Assert.Equal((runs * ((1_000_000 * 250) + (100 * 1_000))) + (searches * Cent), held);
        Assert.Equal(held, charged);
    }

    [Fact]
    public async Task Message_WithoutAFeeInTheRateCard_IsHeldForAtTheVendorsFee()
    {
        await using var call = await DearestCall.StartAsync(
            new ProviderPrice("claude-haiku-4-5", 100, 500) { CachedInput = 10, CacheWrite = 125, CacheWriteOneHour = 200, Search = Cent, MaxOutputTokens = 64_000 });
        var (held, charged) = await call.MakeAsync(
            Messages,
            """{ "model": "claude-haiku-4-5", "max_tokens": 100, "messages": [{ "role": "user", "content": "x" }], "tools": [{ "type": "web_search_20250305", "name": "web_search", "max_uses": 1 }] }""",
            new SimulatedUsage(2 * 200_000, 2 * 100) { CacheWriteTokens = 2 * 200_000, Searches = 1 });

        Assert.Equal((2 * ((200_000 * 125) + (100 * 500))) + Cent, held);
        Assert.Equal(held, charged);
    }

    /// <summary>Nobody has said how often: the sidecar says it, at what the budget pays for, and tells the caller.</summary>
    [Theory]
    [InlineData(110, 2)]
    [InlineData(80, 1)]
    [InlineData(20, 0)]
    public async Task Response_WithoutALimit_GetsWhatTheBudgetPaysFor(int cents, int searches)
    {
        var (sent, header) = await SentAsync(
            new ProviderPrice("gpt-5", 125, 1000) { CachedInput = 12.5m, Search = Cent, MaxInputTokens = 272_000, MaxOutputTokens = 128_000 },
            Responses,
            """{"model":"gpt-5","input":"x","max_output_tokens":100,"tools":[{"type":"function","name":"f","parameters":{}},{"type":"web_search","external_web_access":false}],"tool_choice":"auto"}""",
            cents);

        Assert.Equal(searches > 0 ? searches : null, sent["max_tool_calls"]?.GetValue<int>());
        Assert.Equal(searches > 0 ? 2 : 1, sent["tools"]!.AsArray().Count);
        Assert.Equal($"{searches}", header);
    }

    /// <summary>As Codex asks for it, of a model whose maximum input is not published: the answer comes without a search.</summary>
    [Theory]
    [InlineData("""{"type":"web_search"}""")]
    [InlineData("""{"type":"web_search","external_web_access":true,"search_content_types":["text","image"]}""")]
    public async Task Response_WithoutALimitAndABound_GoesWithoutTheTool(string tool)
    {
        var (sent, header) = await SentAsync(
            new ProviderPrice("gpt-6.2-sol", 200, 1000) { CachedInput = 10, CacheWrite = 250, MaxOutputTokens = 128_000 },
            Responses,
            $$"""{"model":"gpt-6.2-sol","input":"x","max_output_tokens":100,"tools":[{{tool}}],"tool_choice":"auto"}""",
            cents: 1_000);

        Assert.Null(sent["tools"]);
        Assert.Null(sent["tool_choice"]);
        Assert.Equal("0", header);
    }

    [Fact]
    public async Task Message_WithoutALimit_GetsWhatTheBudgetPaysFor()
    {
        var (sent, header) = await SentAsync(
            new ProviderPrice("claude-haiku-4-5", 100, 500) { CachedInput = 10, CacheWrite = 125, CacheWriteOneHour = 200, Search = Cent, MaxInputTokens = 200_000, MaxOutputTokens = 64_000 },
            Messages,
            """
            { "model": "claude-haiku-4-5", "max_tokens": 100, "messages": [{ "role": "user", "content": "x" }], "tools": [
              { "type": "web_search_20250305", "name": "first", "max_uses": 1 },
              { "type": "web_search_20260209", "name": "second", "allowed_callers": ["direct"] },
              { "type": "web_search_20250305", "name": "third" }] }
            """,
            cents: 110);

        Assert.Equal("3", header);
        Assert.Equal(["first:1", "second:2"], sent["tools"]!.AsArray().Select(tool => $"{tool!["name"]}:{tool["max_uses"]}"));
    }

    [Fact]
    public async Task Message_ALimitAsked_IsLoweredToWhatTheBudgetPaysFor()
    {
        var (sent, header) = await SentAsync(
            new ProviderPrice("claude-haiku-4-5", 100, 500) { CachedInput = 10, CacheWrite = 125, CacheWriteOneHour = 200, Search = Cent, MaxInputTokens = 200_000, MaxOutputTokens = 64_000 },
            Messages,
            """{ "model": "claude-haiku-4-5", "max_tokens": 100, "messages": [{ "role": "user", "content": "x" }], "tools": [{ "type": "web_search_20250305", "name": "web_search", "max_uses": 8 }] }""",
            cents: 60);

        Assert.Equal(1, sent["tools"]![0]!["max_uses"]!.GetValue<int>());
        Assert.Equal("1", header);
    }

    [Fact]
    public async Task Message_WithoutALimitWhereNoneFits_GoesWithoutTools()
    {
        var (sent, header) = await SentAsync(
            new ProviderPrice("claude-haiku-4-5", 100, 500) { CachedInput = 10, CacheWrite = 125, CacheWriteOneHour = 200, Search = Cent, MaxInputTokens = 200_000, MaxOutputTokens = 64_000 },
            Messages,
            """{ "model": "claude-haiku-4-5", "max_tokens": 100, "messages": [{ "role": "user", "content": "x" }], "tools": [{ "type": "web_search_20250305", "name": "web_search" }], "tool_choice": { "type": "auto" } }""",
            cents: 5);

        Assert.Null(sent["tools"]);
        Assert.Null(sent["tool_choice"]);
        Assert.Equal("0", header);
    }

    /// <summary>A tool that the model is told to call cannot be left out.</summary>
    [Fact]
    public async Task Message_ThatHasToSearch_IsRefusedWhereNoSearchFits()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 5);
        var reply = await sidecar.AskAsync(
            Messages,
            agent,
            """{ "model": "claude-haiku-4-5", "max_tokens": 100, "messages": [{ "role": "user", "content": "x" }], "tools": [{ "type": "web_search_20250305", "name": "web_search" }], "tool_choice": { "type": "tool", "name": "web_search" } }""");

        Assert.Equal(402, reply.Status);
        await sidecar.AssertNothingHappenedAsync(agent);
    }

    [Fact]
    public async Task Response_WithoutAFeeInTheRateCard_IsRefused()
    {
        await using var call = await DearestCall.StartAsync();
        var detail = await call.RefusedAsync(
            Responses, """{"model":"gpt-5-mini","input":"x","max_output_tokens":100,"tools":[{"type":"file_search","vector_store_ids":["v"]}],"max_tool_calls":1}""");

        Assert.Contains("FileSearch", detail, StringComparison.Ordinal);
        Assert.Contains("rate card", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_SearchesOfSeveralToolsBeyondTheMost_AreRefused()
    {
        await using var call = await DearestCall.StartAsync(new ProviderPrice("claude-sonnet-5", 2, 10) { Search = 1 });
        var detail = await call.RefusedAsync(
            Messages,
            """
            { "model": "claude-sonnet-5", "max_tokens": 100, "messages": [{ "role": "user", "content": "x" }], "tools": [
              { "type": "web_search_20250305", "name": "web_search", "max_uses": 600 },
              { "type": "web_search_20260209", "name": "web_search", "max_uses": 600, "allowed_callers": ["direct"] }] }
            """);

        Assert.Contains("Set 'max_uses' to at most 1000", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_AtAnotherProvider_IsRefused()
    {
        await using var call = await DearestCall.StartAsync();

        Assert.Contains(
            "'web_search'",
            await call.RefusedAsync("/grok/v1/responses", """{"model":"grok-4.7","input":"x","max_output_tokens":100,"tools":[{"type":"web_search"}],"max_tool_calls":1}"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_AudioWithAPrice_IsHeldFor()
    {
        await using var call = await DearestCall.StartAsync(new ProviderPrice("gpt-audio", 250, 1000) { AudioInput = 3_200, AudioOutput = 6_400 });
        var (held, charged) = await call.MakeAsync(
            "/v1/chat/completions",
            """{"model":"gpt-audio","max_completion_tokens":100,"modalities":["text","audio"],"audio":{"voice":"alloy","format":"wav"},"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}]}""",
            new SimulatedUsage(128_000, 100) { AudioInputTokens = 128_000, AudioOutputTokens = 100 });

        Assert.Equal((128_000 * 3_200) + (100 * 6_400), held);
        Assert.Equal(held, charged);
    }

    /// <summary>What the dearest provider was sent, and what the answer says of the limit. It costs no more than is held.</summary>
    private static async Task<(JsonObject Sent, string? Limit)> SentAsync(ProviderPrice price, string path, string body, int cents)
    {
        await using var sidecar = await SidecarFixture.StartAsync([price]);
        var agent = await sidecar.AgentAsync(cents);
        var holds = sidecar.WatchHolds(agent);
        JsonObject? sent = null;
        sidecar.Provider.ForRequest = request =>
        {
            sent = request.Body;
            return new Behaviour { UseTheMost = true };
        };
        var reply = await sidecar.AskAsync(path, agent, body);

        Assert.True(reply.Status == 200, reply.Text);
        Assert.InRange(await sidecar.AssertPaidAsBilledAsync(agent), 1, Assert.Single(holds));
        return (sent!, reply.Headers.GetValueOrDefault("x-spendguard-hosted-call-limit"));
    }
}
