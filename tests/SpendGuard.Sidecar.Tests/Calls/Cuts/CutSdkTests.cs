#pragma warning disable OPENAI001 // The SDK marks all of its Responses client experimental.

using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Anthropic.Models.Messages;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Calls.Cuts;

/// <summary>What the vendors' own .NET packages make of a stream that a pause has cut: none takes it for a whole answer.</summary>
public sealed class CutSdkTests : IAsyncLifetime
{
    private const string Unfinished = "an update";

    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync();
        _sidecar.Provider.Behaviour = CutFixture.Slow();
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task StreamThatIsCut_IsNoWholeAnswer(string api)
    {
        var agent = await _sidecar.AgentAsync();
        using var http = _sidecar.As(agent);
        var said = new List<string>();
        var reading = ReadAsync(api, http, said);
        await Eventually.HoldsAsync(() => said.Count > 0);

        Assert.Equal(1, _sidecar.Pause(agent));

        var failure = await Record.ExceptionAsync(() => reading.WaitAsync(CutFixture.Patience));
        switch (api)
        {
            case "chat":
                // It skips the event, and ends without a reason for that.
                Assert.Null(failure);
                Assert.All(said, update => Assert.Equal(Unfinished, update));
                break;
            case "responses":
                Assert.Null(failure);
                Assert.StartsWith($"paused: Paused: agent '{agent}' {CutFixture.Cause}", said[^1], StringComparison.Ordinal);
                break;
            default:
                Assert.Contains(CutFixture.Cause, failure?.ToString(), StringComparison.Ordinal);
                break;
        }

        await _sidecar.AssertCutAsync(agent);
        Assert.Single(_sidecar.Provider.Calls);
    }

    private async Task ReadAsync(string api, HttpClient http, List<string> said)
    {
        var transport = new HttpClientPipelineTransport(http);
        var key = new ApiKeyCredential("key");
        switch (api)
        {
            case "chat":
                var chat = new ChatClient("gpt-4o", key, new OpenAIClientOptions { Endpoint = _sidecar.OpenAIEndpoint, Transport = transport });
                await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage("hello")], new ChatCompletionOptions { MaxOutputTokenCount = 100 }))
                {
                    said.Add(update.FinishReason?.ToString() ?? Unfinished);
                }

                break;
            case "responses":
                var responses = new ResponsesClient(key, new ResponsesClientOptions { Endpoint = _sidecar.OpenAIEndpoint, Transport = transport });
                await foreach (var update in responses.CreateResponseStreamingAsync("gpt-4o", "hello"))
                {
                    said.Add(update is StreamingResponseErrorUpdate error ? $"{error.Code}: {error.Message}" : update.GetType().Name);
                }

                break;
            default:
                var client = new AnthropicClient { BaseUrl = _sidecar.Address, ApiKey = "key", HttpClient = http };
                var create = new MessageCreateParams { Model = "claude-haiku-4-5", MaxTokens = 100, Messages = [new UserMessageParam("hello")] };
                await foreach (var update in client.Messages.CreateStreaming(create))
                {
                    said.Add(update.ToString());
                }

                break;
        }
    }
}
