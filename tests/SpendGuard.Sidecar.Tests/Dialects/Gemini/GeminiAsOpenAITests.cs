using OpenAI.Chat;
using SpendGuard.Sidecar.Tests.Dialects.OpenAI;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.Gemini;

/// <summary>Gemini's models in OpenAI's formats, which Google serves under a path of its own: OpenAI's dialect, Gemini's prices and counts.</summary>
public sealed class GeminiAsOpenAITests : IAsyncLifetime
{
    private const string Chat = "/v1beta/openai/chat/completions";
    private const string Messages = """ "messages":[{"role":"user","content":"What is the weather in Bern?"}] """;

    private SidecarFixture _sidecar = null!;
    private string _agent = null!;

    private Uri Endpoint => new(_sidecar.Client.BaseAddress!, "/v1beta/openai/");

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync();
        _agent = await _sidecar.AgentAsync(cents: 1_000);
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sdk_ThoughtsAreBilledAndWereHeldFor(bool stream)
    {
        var held = _sidecar.WatchHolds(_agent);
        _sidecar.Provider.Behaviour = new Behaviour { OutputTokens = 50, ReasoningTokens = 30 };
        var client = Sdk.Chat(Endpoint, _agent, "gemini-2.5-flash");
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 60 };
        if (stream)
        {
            await foreach (var update in client.CompleteChatStreamingAsync([ChatMessage.CreateUserMessage("Think.")], options))
            {
                _ = update;
            }
        }
        else
        {
            await client.CompleteChatAsync([ChatMessage.CreateUserMessage("Think.")], options);
        }

        var call = Assert.Single(_sidecar.Provider.Calls);
        Assert.Equal((60, 50, SidecarFixture.GeminiKey), (call.MaxOutputTokens, call.OutputTokens, call.Caller));
        Assert.InRange(await _sidecar.AssertPaidAsBilledAsync(_agent), 50 * 250, held.Single());
        Assert.DoesNotContain(_sidecar.Warnings, warning => warning.Contains("total", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sdk_Embeddings_AreBilledAtGeminisPrice()
    {
        await Sdk.Embeddings(Endpoint, _agent, "gemini-embedding-001").GenerateEmbeddingAsync("What is the weather in Bern?");

        Assert.InRange(await _sidecar.AssertPaidAsBilledAsync(_agent), 5 * 15, 20 * 15);
    }

    [Fact]
    public async Task Sdk_Models_AreGeminis()
    {
        var models = await Sdk.Models(Endpoint).GetModelsAsync();

        Assert.Contains(models.Value, model => model is { Id: "gemini-2.5-flash", OwnedBy: "gemini" });
        Assert.Empty(_sidecar.Provider.Calls);
    }

    /// <summary>Thinking models want back what they gave with a call of a tool.</summary>
    [Fact]
    public async Task GooglesOwnFields_AreTaken_AndWhatIsGivenBackIsInput()
    {
        var held = _sidecar.WatchHolds(_agent);
        var signature = new string('a', 10_000);
        var reply = await _sidecar.AskAsync(Chat, _agent, """
            {
              "model": "gemini-2.5-flash",
              "extra_body": {"google": {"thinking_config": {"thinking_budget": 100, "include_thoughts": true}}},
              "messages": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "tool_calls": [{
                  "id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"},
                  "extra_content": {"google": {"thought_signature": "SIGNATURE"}}
                }]},
                {"role": "tool", "tool_call_id": "1", "content": "Fine", "extra_content": {"google": {"thought_signature": "SIGNATURE"}}}
              ],
              "max_tokens": 16
            }
            """.Replace("SIGNATURE", signature, StringComparison.Ordinal));

        Assert.Equal(200, reply.Status);
        Assert.True(held.Single() > 20_000 * 30, $"Only {held.Single()} microcents were held.");
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Theory]
    [InlineData(""" "extra_body":{"google":{"cached_content":"cachedContents/1"}} """, "Field 'extra_body.google.cached_content' is refused")]
    [InlineData(""" "extra_body":{"google":{"tools":[{"google_search":{}}]}} """, "Field 'extra_body.google.tools' is not known")]
    [InlineData(""" "extra_body":{"tools":[{"google_search":{}}]} """, "Field 'extra_body.tools' is not known")]
    [InlineData(""" "tools":[{"type":"google_search"}] """, "Field 'tools[].type' is 'google_search'")]
    [InlineData(""" "tools":[{"google_search":{}}] """, "'tools[]' has to name its 'type'")]
    [InlineData(""" "web_search_options":{} """, "Field 'web_search_options' is refused")]
    [InlineData(""" "google":{"thinking_config":{}} """, "Field 'google' is not known")]
    [InlineData(""" "modalities":["image"] """, "Field 'modalities' is refused")]
    [InlineData(""" "service_tier":"priority" """, "")]
    public async Task WhatHasNoBound_IsRefused(string field, string sentence)
    {
        var reply = await _sidecar.AskAsync(Chat, _agent, $$"""{"model":"gemini-2.5-flash",{{field}},{{Messages}}}""");

        Assert.Equal(400, reply.Status);
        Assert.StartsWith(sentence, (string?)reply.Body["detail"], StringComparison.Ordinal);
        Assert.Equal("invalid_request_error", (string?)reply.Body["error"]!["type"]);
        await _sidecar.AssertNothingHappenedAsync(_agent);
    }

    [Theory]
    [InlineData("/v1beta/openai/responses")]
    [InlineData("/v1beta/openai/images/generations")]
    public async Task WhatIsNotMetered_Is404InOpenAIsEnvelope(string path)
    {
        var reply = await _sidecar.AskAsync(path, _agent, "{}", ("Authorization", "Bearer x"));

        Assert.Equal((404, "invalid_request_error"), (reply.Status, (string?)reply.Body["error"]!["type"]));
        await _sidecar.AssertNothingHappenedAsync(_agent);
    }
}
