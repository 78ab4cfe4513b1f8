using System.Collections.Immutable;
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
}
