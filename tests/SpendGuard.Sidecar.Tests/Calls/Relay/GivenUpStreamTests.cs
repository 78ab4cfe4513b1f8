using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Sidecar.Tests.Calls.Relay;

/// <summary>The sidecar stops while a stream goes on that has told what it cost so far: its hold ends by that.</summary>
public sealed class GivenUpStreamTests
{
    private const string Chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":true}""";
    private const string Responses = """{"model":"gpt-4o","input":"Hi","max_output_tokens":100,"stream":true}""";
    private const string Messages = """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":true}""";
    private const string Gemini = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":100}}""";

    /// <summary>Where it goes, what is asked, what comes before the provider stands still, and what that comes to; null for no more than the hold.</summary>
    public static TheoryData<string, string, string, long?, bool> Streams => new()
    {
        { "/v1/chat/completions", Chat, """{"model":"gpt-4o","choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":10,"completion_tokens":90000,"total_tokens":90010}}""", (10 * 250) + (90_000 * 1_000), false },
        { "/v1/chat/completions", Chat, """{"model":"gpt-4o","choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}""", null, false },
        { "/v1/chat/completions", Chat, """{"model":"gpt-4o","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}""", (10 * 250) + (2 * 1_000), true },
        { "/v1/responses", Responses, """{"type":"response.in_progress","response":{"model":"gpt-4o","usage":{"input_tokens":10,"output_tokens":90000,"total_tokens":90010}}}""", (10 * 250) + (90_000 * 1_000), false },
        { "/v1/messages", Messages, """{"type":"message_start","message":{"model":"claude-haiku-4-5","usage":{"input_tokens":10,"output_tokens":90000}}}""", (10 * 100) + (90_000 * 500), false },
        { "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", Gemini, """{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":90000,"totalTokenCount":90010}}""", (10 * 30) + (90_000 * 250), false },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task SidecarStops_StreamEndsByWhatWasTold(string path, string body, string told, long? known, bool isAll)
    {
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"data: {told}\n\ndata: {{}}\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var folder = new TempFolder();
        var store = new InMemoryBudgetStore();
        await using var sidecar = new SidecarUnderTest(
            folder,
            TimeProvider.System,
            new Dictionary<string, string?>
            {
                ["OPENAI_BASE_URL"] = provider.Address,
                ["ANTHROPIC_BASE_URL"] = provider.Address,
                ["GEMINI_BASE_URL"] = provider.Address,
                ["ANTHROPIC_API_KEY"] = "test key",
                ["GEMINI_API_KEY"] = "test key",
                ["CAP_PRICING_SOURCE"] = "bundled",
            },
            services => services.AddSingleton(all => new SpendGuardEngine(store, all.GetRequiredService<Prices>())));
        await sidecar.App.StartAsync();
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(path, agent, body);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is not "data: {}")
        {
            // What came before has been read by then.
        }

        await sidecar.Engine.DisposeAsync();

        var ledger = await store.ReadLedgerAsync(0, new AgentId(agent), int.MaxValue, default);
        var held = ledger.Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount.Microcents;
        var end = ledger.First(entry => entry.Kind is LedgerEntryKind.Settled or LedgerEntryKind.Forfeited or LedgerEntryKind.Released);
        Assert.Equal((isAll ? LedgerEntryKind.Settled : LedgerEntryKind.Forfeited, known ?? held), (end.Kind, end.Amount.Microcents));
    }
}
