using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects;

/// <summary>What only adds input that cannot be seen is held for at the most that the model takes, at the dearest tier that this reaches.</summary>
public sealed class UnseenInputTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private const string Messages = "/v1/messages";
    private const string Gemini = "/v1beta/models/gemini-2.5-flash:generateContent";

    public static TheoryData<string> OfResponses =>
    [
        """ "input":"x","previous_response_id":"resp_1" """,
        """ "input":"x","conversation":{"id":"conv_1"} """,
        """ "input":[{"type":"item_reference","id":"msg_1"},{"role":"user","content":"x"}] """,
        """ "input":[{"id":"msg_1"}] """,
        """ "input":[{"type":"reasoning","id":"rs_1","summary":[]},{"role":"user","content":"x"}] """,
        """ "input":[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":""},{"role":"user","content":"x"}] """,
        """ "input":[{"type":"compaction","encrypted_content":"AA"},{"role":"user","content":"x"}] """,
        """ "input":[{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"x"}},{"role":"user","content":"x"}] """,
        """ "input":[{"role":"user","content":[{"type":"input_file","file_id":"f"}]}] """,
        """ "input":[{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}]}] """,
        """ "input":[{"type":"function_call_output","call_id":"c","output":[{"type":"input_file","file_url":"https://example.com/a.pdf"}]}] """,
        """ "input":"x","tools":[{"type":"local_shell"}] """,
        """ "input":"x","tools":[{"type":"shell","environment":{"type":"local"}},{"type":"apply_patch"}] """,
    ];

    public static TheoryData<string> Blocks =>
    [
        """{ "type": "document", "source": { "type": "file", "file_id": "f" } }""",
        """{ "type": "document", "source": { "type": "url", "url": "https://example.com/a.pdf" } }""",
        """{ "type": "document", "source": { "type": "base64", "media_type": "application/pdf", "data": "AA==" } }""",
        """{ "type": "document", "citations": { "enabled": true }, "source": { "type": "text", "media_type": "text/plain", "data": "x" } }""",
        """{ "type": "web_search_tool_result", "tool_use_id": "t", "content": [{ "type": "web_search_result", "title": "t", "url": "u", "encrypted_content": "AA" }] }""",
    ];

    public static TheoryData<string> Parts =>
    [
        """{ "fileData": { "fileUri": "https://example.com", "mimeType": "application/pdf" } }""",
        """{ "file_data": { "file_uri": "https://example.com" } }""",
        """{ "inlineData": { "mimeType": "audio/mp3", "data": "AA==" } }""",
        """{ "inline_data": { "mime_type": "video/mp4", "data": "AA==" }, "videoMetadata": { "fps": 24 } }""",
        """{ "functionResponse": { "name": "x", "response": {}, "parts": [{ "inlineData": { "mimeType": "audio/mp3", "data": "AA==" } }] } }""",
    ];

    [Theory]
    [MemberData(nameof(OfResponses))]
    public async Task Response_IsHeldForAtTheModelsMaximum(string fields)
    {
        await using var call = await DearestCall.StartAsync();
        var (held, charged) = await call.MakeAsync(
            Responses, $$"""{"model":"gpt-5.6","max_output_tokens":100,{{fields}}}""", new SimulatedUsage(922_000, 100) { CacheWriteTokens = 922_000 });

        Assert.Equal((922_000 * 1_250) + (100 * 4_500), held);
        Assert.Equal(held, charged);
    }

    [Fact]
    public async Task Chat_FileThatDoesNotFitTheBudget_IsRefusedWithWhatIsHeldAndWhy()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 1);
        using var response = await sidecar.PostAsync(
            Chat, agent, """{"model":"gpt-4o","max_completion_tokens":10,"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]}""");

        Assert.Equal(402, (int)response.StatusCode);
        Assert.Contains("It holds the 128000 tokens that are the most the model takes in, because of ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await sidecar.AssertNothingHappenedAsync(agent);
    }

    [Fact]
    public async Task Chat_File_IsHeldForAtTheModelsMaximum()
    {
        await using var call = await DearestCall.StartAsync();
        var (held, charged) = await call.MakeAsync(
            Chat,
            """{"model":"gpt-4o","max_tokens":100,"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]}""",
            new SimulatedUsage(128_000, 100));

        Assert.Equal((128_000 * 250) + (100 * 1_000), held);
        Assert.Equal(held, charged);
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Message_IsHeldForAtTheModelsMaximum(string block)
    {
        await using var call = await DearestCall.StartAsync();
        var (held, charged) = await call.MakeAsync(
            Messages,
            $$"""{ "model": "claude-sonnet-5", "max_tokens": 100, "messages": [{ "role": "user", "content": [{{block}}] }] }""",
            new SimulatedUsage(1_000_000, 100) { CacheWriteTokens = 1_000_000 });

        Assert.Equal((1_000_000 * 250) + (100 * 1_000), held);
        Assert.Equal(held, charged);
    }

    /// <summary>What cannot be seen may be audio, which costs more.</summary>
    [Theory]
    [MemberData(nameof(Parts))]
    public async Task Gemini_IsHeldForAtTheModelsMaximum(string part)
    {
        await using var call = await DearestCall.StartAsync(
            new ProviderPrice("gemini-2.5-flash", 30, 250) { CachedInput = 3, AudioInput = 100, MaxOutputTokens = 65_535 });
        var (held, charged) = await call.MakeAsync(
            Gemini,
            $$"""{ "contents": [{ "parts": [{{part}}] }], "generationConfig": { "maxOutputTokens": 100 } }""",
            new SimulatedUsage(1_048_576, 100) { AudioInputTokens = 1_048_576 });

        Assert.Equal((1_048_576 * 100) + (100 * 250), held);
        Assert.Equal(held, charged);
    }

    [Fact]
    public async Task Gemini_Document_IsNoAudio()
    {
        await using var call = await DearestCall.StartAsync();
        var (held, charged) = await call.MakeAsync(
            Gemini,
            """{ "contents": [{ "parts": [{ "inlineData": { "mimeType": "application/pdf", "data": "AA==" } }] }], "generationConfig": { "maxOutputTokens": 100 } }""",
            new SimulatedUsage(1_048_576, 100));

        Assert.Equal((1_048_576 * 30) + (100 * 250), held);
        Assert.Equal(held, charged);
    }

    [Theory]
    [InlineData("""{ "fileData": { "fileUri": "https://example.com" } }""")]
    [InlineData("""{ "inlineData": { "mimeType": "audio/mp3", "data": "AA==" } }""")]
    public async Task Gemini_AudioWithoutAPrice_IsRefused(string part)
    {
        await using var call = await DearestCall.StartAsync();

        Assert.Contains(
            "AudioInput",
            await call.RefusedAsync("/v1beta/models/gemini-2.5-pro:generateContent", $$"""{ "contents": [{ "parts": [{{part}}] }] }"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelWithoutAPublishedMaximum_IsRefusedByTheNameOfTheField()
    {
        await using var call = await DearestCall.StartAsync();
        var detail = await call.RefusedAsync(Responses, """{"model":"gpt-6.2-sol","max_output_tokens":100,"input":"x","previous_response_id":"resp_1"}""");

        Assert.Contains("'previous_response_id'", detail, StringComparison.Ordinal);
        Assert.Contains("add the maximum input to the rate card", detail, StringComparison.Ordinal);
    }

    /// <summary>xAI searches attached files with a tool of its own, which has a fee.</summary>
    [Theory]
    [InlineData("responses", "'previous_response_id'", """ "input":"x","previous_response_id":"resp_1" """)]
    [InlineData("responses", "'conversation'", """ "input":"x","conversation":"conv_1" """)]
    [InlineData("responses", "a file", """ "input":[{"role":"user","content":[{"type":"input_file","file_id":"f"}]}] """)]
    [InlineData("responses", "'item_reference'", """ "input":[{"type":"reasoning","id":"r"},{"id":"msg_1"}] """)]
    [InlineData("chat/completions", "a file", """ "messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}] """)]
    public async Task AtAnotherProvider_IsRefused(string route, string named, string fields)
    {
        await using var call = await DearestCall.StartAsync();

        Assert.Contains(
            named, await call.RefusedAsync($"/grok/v1/{route}", $$"""{"model":"grok-4.7",{{fields}}}"""), StringComparison.Ordinal);
    }
}
