using System.Globalization;
using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.BlackBox.Tests.Contract;

/// <summary>What single provider routes answer.</summary>
public sealed class ProviderRouteTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    public static TheoryData<string> OpenAIFormats => [.. Route.All.Where(route => route.Provider is "openai" or "grok" && route != Route.OpenAIEmbeddings).Select(route => route.Path)];

    [Theory]
    [MemberData(nameof(OpenAIFormats))]
    public async Task OpenAIFormats_AnswerAsTheProviderDoes(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, Behaviour.Say("Fine, thank you."));
        var answer = await sidecar.CallAsync(route, agent);
        Assert.Equal(200, answer.Status);
        var text = route.Path.EndsWith("responses", StringComparison.Ordinal)
            ? answer.Json["output"]!.AsArray().SelectMany(item => item!["content"]?.AsArray() ?? []).First()!["text"]
            : answer.Json["choices"]![0]!["message"]!["content"];
        Assert.Equal("Fine, thank you.", text!.GetValue<string>());
        Assert.NotNull(answer.Json["usage"]);
        Assert.StartsWith("req_", answer.Header("x-request-id"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OpenAIFormats))]
    public async Task OpenAIFormats_Stream_TheChargeComesBeforeTheEnd(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        var answer = await sidecar.CallAsync(route, agent, route.BodyWith("\"stream\":true"));
        Assert.Equal(200, answer.Status);
        Assert.StartsWith("text/event-stream", answer.Header("Content-Type"), StringComparison.Ordinal);
        var charged = string.Create(CultureInfo.InvariantCulture, $": x-spendguard-charged-microcents={sidecar.BillOf(agent)} ");
        Assert.Contains(charged, answer.Text, StringComparison.Ordinal);
        if (route.Path.EndsWith("completions", StringComparison.Ordinal))
        {
            Assert.EndsWith("data: [DONE]\n\n", answer.Text, StringComparison.Ordinal);
            Assert.True(answer.Text.IndexOf(charged, StringComparison.Ordinal) < answer.Text.IndexOf("[DONE]", StringComparison.Ordinal));

            // The sidecar asks for usage; a caller that has not is not shown it.
            Assert.DoesNotContain("\"usage\":{", answer.Text, StringComparison.Ordinal);
        }

        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task OpenAIChat_UsageAskedFor_IsShown()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var answer = await sidecar.CallAsync(
            Route.OpenAIChat, agent, Route.OpenAIChat.BodyWith("\"stream\":true,\"stream_options\":{\"include_usage\":true}"));
        Assert.Contains("\"usage\":{", answer.Text, StringComparison.Ordinal);
        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Theory]
    [InlineData("/v1/models", "gpt-4o", "openai")]
    [InlineData("/grok/v1/models", "grok-2", "grok")]
    public async Task Models_AreThoseWithAPrice(string path, string model, string provider)
    {
        var list = (await sidecar.GetAsync(path)).Has("object", "data");
        Assert.Equal("list", list.String("object"));
        var data = list.Json["data"]!.AsArray();
        Assert.All(data, entry =>
        {
            entry.HasFields("id", "object", "created", "owned_by");
            Assert.Equal(provider, entry!["owned_by"]!.GetValue<string>());
        });
        Assert.Contains(data, entry => entry!["id"]!.GetValue<string>() == model);
    }

    [Fact]
    public async Task Embeddings_AnswerAsTheProviderDoes()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var answer = await sidecar.CallAsync(
            Route.OpenAIEmbeddings, agent, """{"model":"text-embedding-3-small","input":["one","two"]}""");
        Assert.Equal(200, answer.Status);
        Assert.Equal(2, answer.Json["data"]!.AsArray().Count);
        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task AnthropicMessages_AnswerAsTheProviderDoes_AtTheSetVersion()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, Behaviour.Say("Fine, thank you."));
        var answer = await sidecar.CallAsync(Route.AnthropicMessages, agent);
        Assert.Equal("Fine, thank you.", answer.Json["content"]![0]!["text"]!.GetValue<string>());
        Assert.Equal("message", answer.String("type"));
        Assert.Equal("2023-06-01", sidecar.Sent(agent).Headers["anthropic-version"]);
    }

    [Fact]
    public async Task AnthropicMessages_Stream_IsTheProviders()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var answer = await sidecar.CallAsync(Route.AnthropicMessages, agent, Route.AnthropicMessages.BodyWith("\"stream\":true"));
        Assert.Contains("event: message_start", answer.Text, StringComparison.Ordinal);
        Assert.Contains("event: message_stop", answer.Text, StringComparison.Ordinal);
        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task AnthropicRun_AnswersWithCompletionAndBreakdown()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, Behaviour.Say("Fine, thank you.") with { CachedInputTokens = 3 });
        var answer = (await sidecar.CallAsync(Route.AnthropicMessagesRun, agent)).Has("completion", "raw", "usage", "billing_breakdown");
        Assert.Equal("Fine, thank you.", answer.String("completion"));
        Assert.Equal("message", answer.Json["raw"]!["type"]!.GetValue<string>());
        AssertUsage(answer, agent);
        Assert.Equal(sidecar.BillOf(agent), answer.Json["billing_breakdown"]!["totals"]!["realized_microcents"]!.GetValue<long>());
    }

    [Fact]
    public async Task GeminiRun_AnswersWithCompletionAndUsage_AndSendsWhatWasAsked()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, Behaviour.Say("Fine, thank you."));
        var answer = await sidecar.CallAsync(
            Route.GeminiContentRun, agent, """{"model":"gemini-2.5-flash","prompt":"Wie geht's? 🚀","temperature":0.5,"max_tokens":77}""");
        answer.Has("completion", "usage");
        Assert.Equal("Fine, thank you.", answer.String("completion"));
        AssertUsage(answer, agent);
        var sent = sidecar.Sent(agent).Body;
        Assert.Equal("Wie geht's? 🚀", sent["contents"]![0]!["parts"]![0]!["text"]!.GetValue<string>());
        Assert.Equal((77, 0.5), (sent["generationConfig"]!["maxOutputTokens"]!.GetValue<long>(), sent["generationConfig"]!["temperature"]!.GetValue<double>()));
    }

    [Fact]
    public async Task GeminiRun_NeedsNoCapOrTemperature()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        (await sidecar.CallAsync(Route.GeminiContentRun, agent, """{"model":"gemini-2.5-flash","prompt":"How are you?"}""")).Has("completion", "usage");
        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task GeminiContent_AnswersAsTheProviderDoes()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, Behaviour.Say("Fine, thank you."));
        var answer = await sidecar.CallAsync(Route.GeminiContent, agent);
        Assert.Equal("Fine, thank you.", answer.Json["candidates"]![0]!["content"]!["parts"]![0]!["text"]!.GetValue<string>());
        Assert.NotNull(answer.Json["usageMetadata"]);
    }

    [Fact]
    public async Task GeminiStream_IsTheProviders()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var answer = await sidecar.CallAsync(Route.GeminiStream, agent);
        Assert.StartsWith("text/event-stream", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.All(
            answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            line => Assert.NotNull(JsonNode.Parse(line["data: ".Length..])!["candidates"]));
        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Theory]
    [InlineData("/v1/messages/count_tokens", """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"How are you?"}]}""", "input_tokens")]
    [InlineData("/v1beta/models/gemini-2.5-flash:countTokens", """{"contents":[{"parts":[{"text":"How are you?"}]}]}""", "totalTokens")]
    public async Task CountingTokens_NeedsNoAgent_AndCostsNothing(string path, string body, string field)
    {
        var caller = Guid.NewGuid().ToString();
        var answer = await sidecar.PostAsync(path, body, Sidecar.CallerHeader(caller));
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Number(field) > 0);
        var call = Assert.Single(sidecar.CallsOf(caller));
        Assert.Equal((path, false), (call.Path, call.Billed));
    }

    [Theory]
    [InlineData("/v1/messages/count_tokens")]
    [InlineData("/v1beta/models/gemini-2.5-flash:countTokens")]
    public async Task CountingTokens_ProvidersErrorPassesThrough(string path)
    {
        var answer = await sidecar.PostAsync(path, "{");
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.Json["error"]);
        Assert.False(answer.Json.ContainsKey("detail"));
    }

    [Theory]
    [InlineData("generateContent?alt=sse")]
    [InlineData("generateContent?alt=proto")]
    [InlineData("streamGenerateContent")]
    [InlineData("streamGenerateContent?alt=json")]
    public async Task Gemini_AnswersThatCannotBeMetered_AreRefused(string method)
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var answer = await sidecar.CallAsync(Route.GeminiContent with { Path = "/v1beta/models/gemini-2.5-flash:" + method }, agent);
        Assert.Equal(400, answer.Status);
        MeteredRouteTests.AssertEnvelope(Route.GeminiContent, answer);
        await sidecar.AssertUntouchedAsync(agent);
    }

    private void AssertUsage(Answer answer, string agent)
    {
        var usage = answer.Json["usage"];
        usage.HasFields("tokens_in", "tokens_out");
        var call = Assert.Single(sidecar.CallsOf(agent));
        Assert.Equal((call.InputTokens, call.OutputTokens), (usage!["tokens_in"]!.GetValue<long>(), usage["tokens_out"]!.GetValue<long>()));
    }
}
