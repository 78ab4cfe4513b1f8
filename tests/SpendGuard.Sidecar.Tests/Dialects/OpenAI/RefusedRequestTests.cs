using System.Net.Http.Headers;
using System.Text;

namespace SpendGuard.Sidecar.Tests.Dialects.OpenAI;

/// <summary>What has no bound or cannot be read is a 4xx with a sentence; nothing is held for it and nothing sent.</summary>
public sealed class RefusedRequestTests(SharedSidecar shared) : IClassFixture<SharedSidecar>
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private const string Embeddings = "/v1/embeddings";

    public static TheoryData<string, string> UnboundedChat => new()
    {
        { "AudioOutput", """ "audio":{"voice":"alloy","format":"wav"} """ },
        { "AudioOutput", """ "modalities":["text","audio"] """ },
        { "'modalities'", """ "modalities":["text","image"] """ },
        { "prediction", """ "prediction":{"type":"content","content":"x"} """ },
        { "web_search_options", """ "web_search_options":{"search_context_size":"high"} """ },
        { "search_parameters", """ "search_parameters":{"mode":"on"} """ },
        { "prompt_cache_options", """ "prompt_cache_options":{"mode":"implicit","ttl":"12h"} """ },
        { "moderation", """ "moderation":{"model":"x"} """ },
        { "surprise", """ "surprise":1 """ },
        { "'tools[].function.surprise'", """ "tools":[{"type":"function","function":{"name":"f","surprise":1}}] """ },
        { "'tools[].type' is 'later'", """ "tools":[{"type":"later"}] """ },
        { "'response_format.json_schema.surprise'", """ "response_format":{"type":"json_schema","json_schema":{"name":"f","surprise":{}}} """ },
        { "'stream_options.Include_usage'", """ "stream":true,"stream_options":{"Include_usage":false} """ },
        { "'web_search_options'", """ "web_search_options":{} """ },
        { "MAX_TOKENS", """ "MAX_TOKENS":100000 """ },
        { "web_search", """ "tools":[{"type":"web_search"}] """ },
        { "'n'", """ "n":0 """ },
        { "'n'", """ "n":"2" """ },
        { "'max_tokens'", """ "max_tokens":1.5 """ },
        { "'max_tokens'", """ "max_tokens":-1 """ },
        { "'stream'", """ "stream":"yes" """ },
        { "'tools'", """ "tools":{} """ },
        { "functions[]", """ "functions":["f"] """ },
        { "scale", """ "service_tier":"scale" """ },
        { "at most 1024", """ "n":9000000000000000 """ },
    };

    public static TheoryData<string, string> UnboundedResponses => new()
    {
        { "prompt", """ "prompt":{"id":"pmpt_1"} """ },
        { "background", """ "background":true """ },
        { "context_management", """ "context_management":[{"type":"compaction"}] """ },
        { "reasoning.mode", """ "reasoning":{"mode":"pro"} """ },
        { "'reasoning.surprise'", """ "reasoning":{"surprise":1} """ },
        { "'input[].surprise'", """ "input":[{"role":"user","content":"x","surprise":1}] """ },
        { "'input[].content[].surprise'", """ "input":[{"role":"user","content":[{"type":"input_text","text":"x","surprise":1}]}] """ },
        { "'input[].type' is 'later'", """ "input":[{"type":"later"}] """ },
        { "'tools[].tools[].type' is 'web_search'", """ "tools":[{"type":"namespace","name":"n","tools":[{"type":"web_search"}]}] """ },
        { "multi_agent", """ "multi_agent":{"enabled":true} """ },
        { "web_search_preview", """ "tools":[{"type":"web_search_preview"}] """ },
        { "'tools[].execution' is 'server'|client", """ "tools":[{"type":"tool_search"}] """ },
        { "'input[].tools[].type' is 'web_search'", """ "input":[{"type":"additional_tools","tools":[{"type":"web_search"}]}] """ },
        { "'web_search'|max_tool_calls", """ "tools":[{"type":"web_search"}],"max_tool_calls":1001 """ },
        { "file_search|max_tool_calls", """ "tools":[{"type":"file_search","vector_store_ids":["v"]}],"max_tool_calls":1001 """ },
        { "FileSearch", """ "tools":[{"type":"file_search","vector_store_ids":["v"]}],"max_tool_calls":1 """ },
        { "'environment'", """ "tools":[{"type":"shell"}] """ },
        { "'tools[].environment.type' is 'container_auto'", """ "tools":[{"type":"shell","environment":{"type":"container_auto"}}] """ },
        { "code_interpreter", """ "tools":[{"type":"code_interpreter","container":{"type":"auto"}}] """ },
        { "image_generation", """ "tools":[{"type":"image_generation"}] """ },
        { "mcp", """ "tools":[{"type":"mcp","server_label":"x","server_url":"https://example.com"}] """ },
        { "computer_use_preview", """ "tools":[{"type":"computer_use_preview"}] """ },
        { "compaction_trigger", """ "input":[{"type":"compaction_trigger"}] """ },
        { "mcp_approval_response", """ "input":[{"type":"mcp_approval_response","approval_request_id":"a","approve":true}] """ },
        { "'12h'|ttl", """ "input":[{"role":"user","content":[{"type":"input_text","text":"x","prompt_cache_breakpoint":{"ttl":"12h"}}]}] """ },
        { "'input'", """ "input":7 """ },
        { "input[]", """ "input":["x"] """ },
        { "'max_output_tokens'", """ "max_output_tokens":0 """ },
        { "max_tokens", """ "max_tokens":7 """ },
    };

    public static TheoryData<string, string, int> Malformed => new()
    {
        { "not valid JSON", "{\"model\":", 400 },
        { "not valid JSON", "", 400 },
        { "JSON object", "[]", 400 },
        { "JSON object", "null", 400 },
        { "not valid JSON", "{\"model\":\"gpt-4o\",\"model\":\"gpt-4o\"}", 400 },
        { "not valid JSON", "{\"n\":1,\"\\u006e\":2}", 400 },
        { "'model'", "{\"messages\":[]}", 400 },
        { "'model'", "{\"model\":7,\"messages\":[]}", 400 },
        { "'messages'", "{\"model\":\"gpt-4o\"}", 400 },
        { "messages[]", "{\"model\":\"gpt-4o\",\"messages\":[7]}", 400 },
        { "messages[].content'", "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":{}}]}", 400 },
        { "not valid Unicode", "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\"}]}", 400 },
        { "not valid Unicode", "{\"model\":\"gpt-4o\",\"\\uDE00\":1,\"messages\":[]}", 400 },
        { "gpt-5-search-api", "{\"model\":\"gpt-5-search-api\",\"messages\":[]}", 400 },
        { "not valid JSON", "{\"model\":" + new string('[', 5_000) + new string(']', 5_000) + "}", 400 },
        { "larger than", "{\"model\":\"" + new string('x', 300_000) + "\"}", 413 },
    };

    [Theory]
    [MemberData(nameof(UnboundedChat))]
    public Task Chat_WithoutABound_IsRefused(string named, string field) =>
        RefusedAsync(Chat, $$"""{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],{{field}}}""", 400, named);

    [Theory]
    [MemberData(nameof(UnboundedResponses))]
    public Task Responses_WithoutABound_IsRefused(string named, string field) => RefusedAsync(
        Responses,
        field.Contains("\"input\"", StringComparison.Ordinal) ? $$"""{"model":"gpt-4o",{{field}}}""" : $$"""{"model":"gpt-4o","input":"Hi",{{field}}}""",
        400,
        named.Split('|')[^1]);

    [Theory]
    [InlineData("'input'", """{"model":"text-embedding-3-small"}""")]
    [InlineData("'input'", """{"model":"text-embedding-3-small","input":{"text":"x"}}""")]
    [InlineData("'input'", """{"model":"text-embedding-3-small","input":[["x"]]}""")]
    [InlineData("'input'", """{"model":"text-embedding-3-small","input":[1,"x"]}""")]
    [InlineData("surprise", """{"model":"text-embedding-3-small","input":"x","surprise":1}""")]
    [InlineData("Unknown model for pricing: openai:embed-0", """{"model":"embed-0","input":"x"}""")]
    public Task Embeddings_OfNoKnownKind_AreRefused(string named, string body) => RefusedAsync(Embeddings, body, 400, named);

    [Theory]
    [MemberData(nameof(Malformed))]
    public Task Body_ThatCannotBeRead_IsRefused(string named, string body, int status) => RefusedAsync(Chat, body, status, named);

    [Fact]
    public async Task Model_WithoutAPrice_IsRefusedWithTheFixedSentence()
    {
        var detail = await RefusedAsync(Chat, """{"model":"gpt-0","messages":[]}""", 400, "Unknown model");

        Assert.Equal("Unknown model for pricing: openai:gpt-0", detail);
    }

    [Theory]
    [InlineData("text/plain", null, 415)]
    [InlineData("application/json", "gzip", 415)]
    public async Task Content_OfAnotherKind_IsRefused(string type, string? encoding, int status)
    {
        var agent = await shared.Sidecar.AgentAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Chat, UriKind.Relative));
        request.Headers.Add("x-cynsta-agent-id", agent);
        request.Content = new StringContent("""{"model":"gpt-4o","messages":[]}""", Encoding.UTF8, new MediaTypeHeaderValue(type));
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        using var response = await shared.Sidecar.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        await shared.Sidecar.AssertNothingHappenedAsync(agent);
    }

    [Fact]
    public async Task Bytes_ThatAreNotUtf8_AreRefused()
    {
        var agent = await shared.Sidecar.AgentAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Chat, UriKind.Relative));
        request.Headers.Add("x-cynsta-agent-id", agent);
        request.Content = new ByteArrayContent([.. "{\"model\":\"gpt-4o\",\"user\":\""u8, 0xC3, 0x28, .. "\",\"messages\":[]}"u8]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await shared.Sidecar.Client.SendAsync(request);

        Assert.Equal(400, (int)response.StatusCode);
        await shared.Sidecar.AssertNothingHappenedAsync(agent);
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o","max_tokns":5,"messages":[]}""", "STRICT_FIELDS=false. Did you mean 'max_tokens'?")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","contnt":"x"}]}""", "STRICT_FIELDS=false. Did you mean 'content'?")]
    [InlineData("""{"model":"gpt-4o","colour_of_answer":5,"messages":[]}""", "STRICT_FIELDS=false.")]
    public async Task Field_ThatIsMisspelt_IsToldWithTheNameThatIsNear(string body, string end)
    {
        using var response = await shared.Sidecar.PostAsync(Chat, await shared.Sidecar.AgentAsync(), body);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.EndsWith(end, (await SidecarFixture.JsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AgentIsNotNamed_IsRefused()
    {
        using var response = await shared.Sidecar.PostAsync(Chat, agent: null, """{"model":"gpt-4o","messages":[]}""");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("Missing x-cynsta-agent-id header", (await SidecarFixture.JsonAsync(response)).GetProperty("detail").GetString());
    }

    /// <summary>Whoever sends the provider's key has to hear that it names nobody.</summary>
    [Theory]
    [InlineData(null, "Missing x-cynsta-agent-id header. Send the header, or a key")]
    [InlineData("sk-of-the-provider", "Missing x-cynsta-agent-id header, and the API key that came is none of SpendGuard's. Send the header, or a key")]
    public async Task AgentIsNotNamed_IsTold_WithTheKeyThatCame(string? key, string told)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = new StringContent("""{"model":"gpt-4o","messages":[]}""", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = key is null ? null : new("Bearer", key);
        using var response = await shared.Sidecar.Client.SendAsync(request);

        Assert.StartsWith(told, (await SidecarFixture.JsonAsync(response)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task<string> RefusedAsync(string path, string body, int status, string named)
    {
        var agent = await shared.Sidecar.AgentAsync();
        using var response = await shared.Sidecar.PostAsync(path, agent, body);
        var answer = await SidecarFixture.JsonAsync(response);
        var detail = answer.GetProperty("detail").GetString()!;

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(named, detail, StringComparison.Ordinal);
        Assert.Equal("invalid_request_error", answer.GetProperty("error").GetProperty("type").GetString());
        await shared.Sidecar.AssertNothingHappenedAsync(agent);
        return detail;
    }
}
