
namespace SpendGuard.Sidecar.Tests.Dialects.Gemini;

/// <summary>What is refused before anything is sent, in Google's own envelope.</summary>
public sealed class GeminiRefusalTests : IAsyncLifetime
{
    private const string Generate = "v1beta/models/gemini-2.5-flash:generateContent";
    private const string Contents = """ "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }] """;

    private SidecarFixture _fixture = null!;
    private string _agent = null!;

    public async Task InitializeAsync()
    {
        _fixture = await SidecarFixture.StartAsync();
        _agent = await _fixture.AgentAsync(cents: 100);
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Theory]
    [InlineData("'cachedContent'", """ "cachedContent": "cachedContents/1" """)]
    [InlineData("'cachedContent'", """ "cached_content": "cachedContents/1" """)]
    [InlineData("'generationConfig.speechConfig'", """ "generationConfig": { "speech_config": { "voice": "x" } } """)]
    [InlineData("'responseModalities'", """ "generationConfig": { "responseModalities": ["TEXT", "AUDIO"] } """)]
    [InlineData("'made_up'", """ "made_up": 1 """)]
    [InlineData("'toolConfig.functionCallingConfig.madeUp'", """ "tool_config": { "function_calling_config": { "madeUp": 1 } } """)]
    [InlineData("'tools[].functionDeclarations[].madeUp'", """ "tools": [{ "function_declarations": [{ "name": "f", "madeUp": 1 }] }] """)]
    [InlineData("'generationConfig.responseFormat.audio'", """ "generationConfig": { "responseFormat": { "audio": {} } } """)]
    [InlineData("'generationConfig.madeUp'", """ "generationConfig": { "madeUp": 1 } """)]
    [InlineData("'generationConfig'", """ "generationConfig": { "maxOutputTokens": 1 }, "generation_config": { "max_output_tokens": 60000 } """)]
    [InlineData("'maxOutputTokens'", """ "generationConfig": { "maxOutputTokens": 1, "max_output_tokens": 60000 } """)]
    [InlineData("'maxOutputTokens'", """ "generationConfig": { "maxOutputTokens": "60000" } """)]
    [InlineData("'tools[].googleSearch'", """ "tools": [{ "googleSearch": {} }] """)]
    [InlineData("'tools[].googleSearch'", """ "tools": [{ "google_search": {} }] """)]
    [InlineData("'tools.urlContext'", """ "tools": { "urlContext": {} } """)]
    [InlineData("'tools[].codeExecution'", """ "tools": [{ "functionDeclarations": [] }, { "codeExecution": {} }] """)]
    [InlineData("'tools[].fileSearch'", """ "tools": [{ "fileSearch": {} }] """)]
    [InlineData("'tools[].googleMaps'", """ "tools": [{ "googleMaps": {} }] """)]
    [InlineData("service tier 'ultra'", """ "serviceTier": "ultra" """)]
    [InlineData("'model'", """ "model": "models/gemini-2.5-pro" """)]
    public async Task Field_WithoutBound_IsRefusedByName(string named, string field)
    {
        var reply = await PostAsync(_agent, Generate, $$"""{ {{Contents}}, {{field}} }""");

        await AssertRefusedAsync(reply, named);
    }

    [Theory]
    [InlineData("'contents[].parts[].executableCode'", """{ "executableCode": { "code": "x" } }""")]
    [InlineData("'contents[].parts[].madeUp'", """{ "text": "x", "madeUp": 1 }""")]
    [InlineData("'contents[].parts[].mediaResolution.numTokens'", """{ "text": "x", "mediaResolution": { "num_tokens": 100000 } }""")]
    public async Task Part_WithoutBound_IsRefusedByName(string named, string part)
    {
        var reply = await PostAsync(_agent, Generate, $$"""{ "contents": [{ "parts": [{{part}}] }] }""");

        await AssertRefusedAsync(reply, named);
    }

    [Fact]
    public async Task Stream_WithoutEvents_SaysWhatToAdd() =>
        await AssertRefusedAsync(
            await PostAsync(_agent, "v1beta/models/gemini-2.5-flash:streamGenerateContent", $$"""{ {{Contents}} }"""), "alt=sse");

    [Fact]
    public async Task Model_WithoutPrice_Is400() =>
        await AssertRefusedAsync(
            await PostAsync(_agent, "v1beta/models/gemini-none:generateContent", $$"""{ {{Contents}} }"""),
            "Unknown model for pricing: gemini:gemini-none");

    [Fact]
    public async Task Model_ThatIsNoName_IsRefused() =>
        await AssertRefusedAsync(
            await _fixture.AskAsync("v1beta/models/a%3Fb:countTokens", agent: null, $$"""{ {{Contents}} }"""), "name");

    [Fact]
    public async Task Budget_TooSmall_Is402()
    {
        var poor = await _fixture.AgentAsync(cents: 1);
        var reply = await PostAsync(poor, Generate, $$"""{ "contents": [{ "parts": [{ "text": "{{string.Concat(Enumerable.Repeat("xxxx ", 200_000))}}" }] }] }""");

        Assert.Equal(402, reply.Status);
        Assert.Equal(402, (int)reply.Body["error"]!["code"]!);
        Assert.Equal("RESOURCE_EXHAUSTED", (string?)reply.Body["error"]!["status"]);
        Assert.StartsWith("Insufficient budget", (string?)reply.Body["detail"]);
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
        var first = PostAsync(_agent, Generate, $$"""{ {{Contents}} }""");
        await arrived.Task;
        var second = await PostAsync(_agent, Generate, $$"""{ {{Contents}} }""");
        answer.SetResult();

        Assert.Equal(409, second.Status);
        Assert.Equal("ABORTED", (string?)second.Body["error"]!["status"]);
        Assert.Equal("Agent budget is locked by an in-flight run", (string?)second.Body["detail"]);
        Assert.Equal(200, (await first).Status);
        await _fixture.AssertChargedAsync(_agent, Assert.Single(_fixture.Provider.Calls).ChargeMicrocents, SidecarFixture.GeminiKey);
    }

    private Task<Reply> PostAsync(string agent, string path, string json) => _fixture.AskAsync(path, agent, json);

    private async Task AssertRefusedAsync(Reply reply, string named)
    {
        Assert.Equal(400, reply.Status);
        Assert.Equal(400, (int)reply.Body["error"]!["code"]!);
        Assert.Equal("INVALID_ARGUMENT", (string?)reply.Body["error"]!["status"]);
        Assert.Contains(named, (string?)reply.Body["detail"], StringComparison.Ordinal);
        await _fixture.AssertNothingHappenedAsync(_agent);
    }
}
