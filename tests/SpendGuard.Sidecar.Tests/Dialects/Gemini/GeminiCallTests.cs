using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.Gemini;

/// <summary>Gemini's calls through the sidecar.</summary>
public sealed class GeminiCallTests : IAsyncLifetime
{
    private const string Generate = "v1beta/models/gemini-2.5-flash:generateContent";
    private const string StreamGenerate = "v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
    private const string Contents = """ "contents": [{ "role": "user", "parts": [{ "text": "hello world" }] }] """;

    private SidecarFixture _fixture = null!;
    private string _agent = null!;

    public async Task InitializeAsync()
    {
        _fixture = await SidecarFixture.StartAsync();
        _agent = await _fixture.AgentAsync(cents: 1_000);
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Answer_BudgetLosesWhatTheProviderCharges()
    {
        var reply = await PostAsync(Generate, $$"""{ {{Contents}} }""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("STOP", (string?)reply.Body["candidates"]![0]!["finishReason"]);
        await ChargedAsync((9 * 30) + (20 * 250));
        Assert.Equal((9 * 30) + (20 * 250), reply.ChargedMicrocents);
    }

    [Fact]
    public async Task Candidates_ThoughtsAndCache_AreBilled()
    {
        _fixture.Provider.Behaviour = new() { OutputTokens = 12, ReasoningTokens = 5, CachedInputTokens = 4 };
        await PostAsync(Generate, $$"""{ {{Contents}}, "generationConfig": { "candidateCount": 2 } }""");

        await ChargedAsync((5 * 30) + (4 * 3) + (24 * 250));
    }

    [Fact]
    public async Task Candidates_AreEachHeldForAtTheCap()
    {
        var held = 0L;
        _fixture.Provider.OnArrival = async _ => held = (await _fixture.BudgetAsync(_agent))!.Held;
        _fixture.Provider.Behaviour = new() { GenerateToTheCap = true };
        await PostAsync(Generate, $$"""{ {{Contents}}, "generation_config": { "candidate_count": 3, "max_output_tokens": 100 } }""");

        Assert.InRange(_fixture.Provider.Bill.TotalMicrocents, 3 * 100 * 250, held);
        await ChargedAsync((9 * 30) + (300 * 250));
    }

    [Theory]
    [InlineData("maxOutputTokens", "generationConfig")]
    [InlineData("max_output_tokens", "generation_config")]
    [InlineData("max_outputTokens", "generationconfig")]
    public async Task Cap_IsSentOnce_HoweverItIsSpelled(string cap, string config)
    {
        JsonNode? seen = null;
        _fixture.Provider.OnArrival = request =>
        {
            seen = request.Body;
            return Task.CompletedTask;
        };
        var poor = await _fixture.AgentAsync(cents: 1);
        var reply = await _fixture.AskAsync(
            Generate, poor, $$"""{ {{Contents}}, "{{config}}": { "{{cap}}": 50000, "temperature": 0.5 } }""");

        Assert.Equal(200, reply.Status);
        Assert.Equal(["contents", "generationConfig", "serviceTier"], seen!.AsObject().Select(field => field.Key));
        Assert.Equal(["temperature", "maxOutputTokens"], seen["generationConfig"]!.AsObject().Select(field => field.Key));
        Assert.Equal("standard", (string?)seen["serviceTier"]);
        Assert.Equal(reply.Headers["x-spendguard-output-cap"], seen["generationConfig"]!["maxOutputTokens"]!.ToString());
        Assert.InRange((int)seen["generationConfig"]!["maxOutputTokens"]!, 1, 4_000);
    }

    [Fact]
    public async Task Stream_IsSettledAtItsEnd_AndHasNoComments()
    {
        _fixture.Provider.Behaviour = new() { OutputTokens = 12, ReasoningTokens = 5, CachedInputTokens = 4 };
        var reply = await PostAsync(StreamGenerate, $$"""{ {{Contents}} }""");

        var budget = (await _fixture.BudgetAsync(_agent))!;
        Assert.Equal((5 * 30) + (4 * 3) + (12 * 250), budget.Spent);
        Assert.All(reply.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries), chunk => Assert.StartsWith("data: {", chunk));
        await ChargedAsync((5 * 30) + (4 * 3) + (12 * 250));
    }

    [Fact]
    public async Task Stream_OfSeveralCandidates_IsSettled()
    {
        await PostAsync(StreamGenerate, $$"""{ {{Contents}}, "generationConfig": { "candidateCount": 2 } }""");

        await ChargedAsync((9 * 30) + (40 * 250));
    }

    [Fact]
    public async Task Client_GoneInMidStream_TheRestIsReadAndSettled()
    {
        _fixture.Provider.Behaviour = new() { OutputTokens = 40, DelayBetweenEvents = TimeSpan.FromMilliseconds(2) };
        using (var request = new HttpRequestMessage(HttpMethod.Post, new Uri(StreamGenerate, UriKind.Relative)))
        {
            request.Content = new StringContent($$"""{ {{Contents}} }""", Encoding.UTF8, "application/json");
            using var response = await _fixture.As(_agent).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();
            Assert.True(await body.ReadAsync(new byte[64]) > 0);
        }

        await ChargedAsync((9 * 30) + (40 * 250));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_BrokenOff_CostsTheHold(bool cut)
    {
        var held = 0L;
        _fixture.Provider.OnArrival = async _ => held = (await _fixture.BudgetAsync(_agent))!.Held;
        _fixture.Provider.Behaviour = new() { CutAfterEvents = cut ? 4 : null, FailAfterEvents = cut ? null : 4 };
        await Record.ExceptionAsync(() => PostAsync(StreamGenerate, $$"""{ {{Contents}} }"""));

        Assert.Equal(held, await _fixture.SpentAsync(_agent));
        Assert.InRange(_fixture.Provider.Bill.TotalMicrocents, 1, held);
    }

    [Fact]
    public async Task Tools_AreBoundedAndCalled()
    {
        var held = 0L;
        _fixture.Provider.OnArrival = async _ => held = (await _fixture.BudgetAsync(_agent))!.Held;
        _fixture.Provider.Behaviour = Behaviour.CallTool("search", """{"query":"x"}""");
        var reply = await PostAsync(Generate, """
            { "contents": [
                { "role": "user", "parts": { "text": "find x" } },
                { "role": "model", "parts": [{ "functionCall": { "name": "search", "args": { "query": "y" } }, "thoughtSignature": "c2ln" }] },
                { "role": "user", "parts": [{ "function_response": { "name": "search", "response": { "found": false } } }] },
                { "role": "user", "parts": [{ "inlineData": { "mimeType": "image/png", "data": "AA==" } }, { "text": "again" }] }],
              "systemInstruction": { "parts": [{ "text": "be brief" }] },
              "tools": [{ "function_declarations": [{ "name": "search", "description": "Finds.", "parameters": { "type": "OBJECT" } }] }] }
            """);

        Assert.Equal("search", (string?)reply.Body["candidates"]![0]!["content"]!["parts"]![0]!["functionCall"]!["name"]);
        Assert.InRange(_fixture.Provider.Bill.TotalMicrocents, 1, held);
        await ChargedAsync(reply.ChargedMicrocents);
    }

    [Fact]
    public async Task CountTokens_IsFree_AndNeedsNoAgent()
    {
        var reply = await _fixture.AskAsync(
            "v1beta/models/gemini-2.5-flash:countTokens?key=mine", agent: null, $$"""{ {{Contents}} }""", ("x-goog-api-key", "mine"));

        Assert.Equal(9, (int)reply.Body["totalTokens"]!);
        Assert.Equal(SidecarFixture.GeminiKey, Assert.Single(_fixture.Provider.Calls).Caller);
        await ChargedAsync(0);
    }

    [Fact]
    public async Task Error_OfTheProvider_PassesUnchanged_AndIsFree()
    {
        _fixture.Provider.Behaviour = new() { FailWithStatus = 429 };
        var reply = await PostAsync(Generate, $$"""{ {{Contents}} }""");

        Assert.Equal(429, reply.Status);
        Assert.Equal("RESOURCE_EXHAUSTED", (string?)reply.Body["error"]!["status"]);
        Assert.Null(reply.Body["detail"]);
        await ChargedAsync(0);
    }

    private Task<Reply> PostAsync(string path, string json) => _fixture.AskAsync(path, _agent, json);

    private Task ChargedAsync(long microcents) => _fixture.AssertChargedAsync(_agent, microcents, SidecarFixture.GeminiKey);
}
