using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Anthropic;
using Anthropic.Models.Messages;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Testing.Tests.Provider;

/// <summary>The formats beside OpenAI's: Anthropic through its SDK, Gemini and Grok as plain JSON.</summary>
public sealed class SimulatedProviderOtherFormatsTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] TwoCallers = ["first", "second"];

    private SimulatedProvider _provider = null!;
    private readonly HttpClient _http = new();

    public async Task InitializeAsync()
    {
        _provider = await SimulatedProvider.StartAsync();
        _http.BaseAddress = _provider.BaseAddress;
    }

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Anthropic_Message_SdkAndBillAgree()
    {
        using var client = Anthropic();
        var answer = await client.Messages.Create(Question());

        Assert.Equal(9, answer.Usage.InputTokens);
        Assert.Equal(16, answer.Usage.OutputTokens);
        Assert.Equal("max_tokens", answer.StopReason!.Raw());
        Assert.Equal((9 * 200) + (16 * 1000), _provider.Bill.TotalFor("test-key"));
    }

    [Fact]
    public async Task Anthropic_Stream_OutputIsAPlaceholderUntilTheEnd()
    {
        _provider.Behaviour = new() { CachedInputTokens = 4 };
        using var client = Anthropic();
        var text = "";
        long placeholder = 0, final = 0, read = 0;
        await foreach (var next in client.Messages.CreateStreaming(Question()))
        {
            if (next.TryPickStart(out var start))
            {
                placeholder = start.Message.Usage.OutputTokens;
                read = start.Message.Usage.CacheReadInputTokens ?? 0;
            }
            else if (next.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
            {
                text += piece.Text;
            }
            else if (next.TryPickDelta(out var end))
            {
                final = end.Usage.OutputTokens;
            }
        }

        Assert.Equal(string.Concat(Enumerable.Repeat(" ok", 16)), text);
        Assert.Equal((1, 16, 4), (placeholder, final, read));
        Assert.Equal((5 * 200) + (4 * 20) + (16 * 1000), _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Anthropic_CacheControl_SplitsTheInputByLifetime()
    {
        var answer = await PostAsync("v1/messages", """
            {
              "model": "claude-sonnet-5", "max_tokens": 10,
              "system": [{ "type": "text", "text": "hello world", "cache_control": { "type": "ephemeral", "ttl": "1h" } }],
              "messages": [{ "role": "user", "content": [
                { "type": "text", "text": "hello", "cache_control": { "type": "ephemeral" } }, { "type": "text", "text": "world" }] }]
            }
            """);

        var usage = answer["usage"]!;
        Assert.Equal(5, (int)usage["cache_creation"]!["ephemeral_1h_input_tokens"]!);
        Assert.Equal(5, (int)usage["cache_creation"]!["ephemeral_5m_input_tokens"]!);
        Assert.Equal(10, (int)usage["cache_creation_input_tokens"]!);
        Assert.Equal(1, (int)usage["input_tokens"]!);
        Assert.Equal((5 * 400) + (5 * 250) + (1 * 200) + (10 * 1000), _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Anthropic_ToolUseAndCount()
    {
        _provider.Behaviour = Behaviour.CallTool("search", """{"query":"x"}""");
        const string Body = """
            {
              "model": "claude-haiku-4-5", "max_tokens": 100, "tools": [{ "name": "search", "input_schema": { "type": "object" } }],
              "messages": [{ "role": "user", "content": "find x" }]
            }
            """;
        var count = await PostAsync("v1/messages/count_tokens", Body);
        Assert.Equal(0, _provider.Bill.TotalMicrocents);
        var answer = await PostAsync("v1/messages", Body);

        Assert.Equal("tool_use", (string?)answer["stop_reason"]);
        Assert.Equal("x", (string?)answer["content"]![0]!["input"]!["query"]);
        Assert.Equal((int)count["input_tokens"]!, (int)answer["usage"]!["input_tokens"]!);
    }

    [Fact]
    public async Task Gemini_Candidates_ThoughtsAreApart()
    {
        _provider.Behaviour = new() { OutputTokens = 12, ReasoningTokens = 5 };
        var answer = await PostAsync("v1beta/models/gemini-2.5-flash:generateContent", """
            { "contents": [{ "role": "user", "parts": [{ "text": "hello world" }] }], "generationConfig": { "candidateCount": 2 } }
            """);

        var usage = answer["usageMetadata"]!;
        Assert.Equal(2, answer["candidates"]!.AsArray().Count);
        Assert.Equal(14, (int)usage["candidatesTokenCount"]!);
        Assert.Equal(10, (int)usage["thoughtsTokenCount"]!);
        Assert.Equal(9 + 24, (int)usage["totalTokenCount"]!);
        Assert.Equal((9 * 30) + (24 * 250), _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Gemini_Stream_UsageIsCumulative()
    {
        using var body = Json("""
            { "contents": [{ "role": "user", "parts": [{ "text": "hello world" }] }], "generation_config": { "max_output_tokens": 3 } }
            """);
        var path = new Uri("v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", UriKind.Relative);
        using var response = await _http.PostAsync(path, body);
        var chunks = (await response.Content.ReadAsStringAsync())
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line["data: ".Length..])!)
            .ToList();

        Assert.Equal([1, 2, 3, 3], chunks.Select(chunk => (int)chunk["usageMetadata"]!["candidatesTokenCount"]!));
        Assert.Equal("MAX_TOKENS", (string?)chunks[^1]["candidates"]![0]!["finishReason"]);
        Assert.Equal((9 * 30) + (3 * 250), _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Grok_ReasoningIsAddedAndEscapesTheCap()
    {
        _provider.Behaviour = new() { OutputTokens = 50, ReasoningTokens = 30 };
        var answer = await PostAsync("grok-upstream/v1/chat/completions", """
            { "model": "grok-4.7", "max_completion_tokens": 10, "messages": [{ "role": "user", "content": "hello world" }] }
            """);

        var usage = answer["usage"]!;
        Assert.Equal(10, (int)usage["completion_tokens"]!);
        Assert.Equal(30, (int)usage["completion_tokens_details"]!["reasoning_tokens"]!);
        Assert.Equal(9 + 40, (int)usage["total_tokens"]!);
        Assert.Equal((9 * 200) + (40 * 600), _provider.Bill.TotalMicrocents);
        Assert.Equal(_provider.Bill.TotalMicrocents * 100, (long)usage["cost_in_usd_ticks"]!);
    }

    [Fact]
    public async Task Reports_MayLie_TheBillDoesNot()
    {
        _provider.Behaviour = new() { ReportedUsage = new(1, 1) };
        var lie = await PostAsync("v1/chat/completions", Chat);
        _provider.Behaviour = new() { OmitUsage = true };
        var silence = await PostAsync("v1/chat/completions", Chat);
        _provider.Behaviour = new() { FixedUsage = new(8_000, 16_000) };
        var loop = await PostAsync("v1/chat/completions", Chat);

        Assert.Equal(2, (int)lie["usage"]!["total_tokens"]!);
        Assert.Null(silence["usage"]);
        Assert.Equal(24_000, (int)loop["usage"]!["total_tokens"]!);
        const long Honest = (9 * 250) + (20 * 1000);
        Assert.Equal([Honest, Honest, (8_000 * 250) + (16_000 * 1000)], _provider.Calls.Select(call => call.ChargeMicrocents));
    }

    [Fact]
    public async Task Arrival_HookRunsBeforeTheBill_AndCallersAreToldApart()
    {
        var seen = new List<long>();
        _provider.OnArrival = request =>
        {
            seen.Add(_provider.Bill.TotalFor(request.Caller));
            return Task.CompletedTask;
        };
        foreach (var caller in TwoCallers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_provider.BaseAddress, "v1/chat/completions"));
            request.Content = Json(Chat);
            request.Headers.Add("x-caller", caller);
            using var response = await _http.SendAsync(request);
        }

        Assert.Equal([0, 0], seen);
        Assert.Equal(_provider.Bill.TotalFor("first"), _provider.Bill.TotalFor("second"));
        Assert.Equal(2, _provider.Bill.BilledCalls);
        Assert.Empty(_provider.Failures);
    }

    [Fact]
    public async Task Hang_EndsWhenTheClientGoes_AndIsBilled()
    {
        _provider.Behaviour = new() { Hang = true };
        using var body = Json(Chat);
        using var going = new CancellationTokenSource();
        _provider.OnArrival = _ => going.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _http.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), body, going.Token));

        await _provider.WhenIdleAsync();
        Assert.Equal((9 * 250) + (20 * 1000), _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Journal_HoldsArrivalThenCharge()
    {
        var path = Path.Combine(Path.GetTempPath(), $"simulated-provider-{Guid.NewGuid():N}.jsonl");
        try
        {
            await using (var provider = await SimulatedProvider.StartAsync(new() { JournalPath = path }))
            {
                using var body = Json(Chat);
                using var response = await _http.PostAsync(new Uri(provider.BaseAddress, "v1/chat/completions"), body);
            }

            var lines = (await File.ReadAllLinesAsync(path)).Select(line => JsonNode.Parse(line)!).ToList();
            Assert.Equal("arrived billed", string.Join(' ', lines.Select(line => line["event"])));
            Assert.Equal((9 * 250) + (20 * 1000), (long)lines[1]["call"]!["chargeMicrocents"]!);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("""{ "messages": [{ "role": "user", "content": "x" }] }""", 400)]
    [InlineData("""{ "model": "gpt-4o", "messages": [] }""", 400)]
    [InlineData("""{ "model": "gpt-4o", "max_tokens": 0, "messages": [{ "role": "user", "content": "x" }] }""", 400)]
    [InlineData("""{ "model": "none", "messages": [{ "role": "user", "content": "x" }] }""", 404)]
    public async Task InvalidRequests_GetTheProvidersError(string json, int status)
    {
        using var body = Json(json);
        using var response = await _http.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), body);

        Assert.Equal(status, (int)response.StatusCode);
        var error = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("invalid_request_error", error.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(0, _provider.Bill.BilledCalls);
    }

    private const string Chat = """{ "model": "gpt-4o", "messages": [{ "role": "user", "content": "hello world" }] }""";

    private static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    private static MessageCreateParams Question() => new()
    {
        Model = "claude-sonnet-5",
        MaxTokens = 16,
        Messages = [new UserMessageParam("hello world")],
    };

    private AnthropicClient Anthropic() => new() { BaseUrl = _provider.BaseAddress.ToString(), ApiKey = "test-key", MaxRetries = 0 };

    private async Task<JsonNode> PostAsync(string path, string json)
    {
        using var body = Json(json);
        using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), body);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
