#pragma warning disable OPENAI001 // The SDK marks all of its Responses client experimental.

using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Responses;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Testing.Tests.Provider;

/// <summary>The stand-in is believed in every other test, so here the real SDKs vouch for its wire and plain sums for its bill.</summary>
public sealed class SimulatedProviderTests : IAsyncLifetime
{
    private SimulatedProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await SimulatedProvider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Fact]
    public async Task Chat_Honest_SdkAndBillAgree()
    {
        ChatCompletion answer = await Chat().CompleteChatAsync("hello world");

        // 3 a message, 1 for the role, 2 for the words, 3 of priming.
        Assert.Equal(9, answer.Usage.InputTokenCount);
        Assert.Equal(20, answer.Usage.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal((9 * 250) + (20 * 1000), _provider.Bill.TotalMicrocents);
        Assert.Equal(_provider.Bill.TotalMicrocents, _provider.Bill.TotalFor("test-key"));
        Assert.True(Assert.Single(_provider.Calls).Finished);
    }

    [Fact]
    public async Task Chat_CapAndChoices_TruncatesAndMultiplies()
    {
        _provider.Behaviour = new() { GenerateToTheCap = true, ReasoningTokens = 4, CachedInputTokens = 5 };
        ChatCompletion answer = await Chat().CompleteChatAsync([new UserChatMessage("hello world")], new() { MaxOutputTokenCount = 7 });

        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(" ok ok ok", answer.Content[0].Text);
        Assert.Equal(4, answer.Usage.OutputTokenDetails.ReasoningTokenCount);
        Assert.Equal(5, answer.Usage.InputTokenDetails.CachedTokenCount);
        Assert.Equal((4 * 250) + (5 * 125) + (7 * 1000), _provider.Bill.TotalMicrocents);
        Assert.Equal(7, _provider.Calls[0].MaxOutputTokens);
    }

    [Fact]
    public async Task Chat_Stream_UsageComesLast()
    {
        var text = "";
        ChatTokenUsage? usage = null;
        await foreach (var update in Chat().CompleteChatStreamingAsync("hello world"))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
        }

        Assert.Equal(string.Concat(Enumerable.Repeat(" ok", 20)), text);
        Assert.Equal(20, usage!.OutputTokenCount);
        Assert.Equal((9 * 250) + (20 * 1000), _provider.Bill.TotalMicrocents);
        await _provider.WhenIdleAsync();
        Assert.True(_provider.Calls[0] is { Finished: true, UsageSent: true, Stream: true });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_ToolLoop_CallsThenSaysDone(bool stream)
    {
        _provider.Behaviour = Behaviour.CallTool("search", """{"query":"x"}""");
        var tool = ChatTool.CreateFunctionTool("search", "Searches.", BinaryData.FromString("""{"type":"object"}"""));
        var options = new ChatCompletionOptions { Tools = { tool } };
        List<ChatMessage> messages = [new UserChatMessage("find x")];
        if (stream)
        {
            var arguments = "";
            await foreach (var update in Chat().CompleteChatStreamingAsync(messages, options))
            {
                arguments += string.Concat(update.ToolCallUpdates.Select(call => call.FunctionArgumentsUpdate?.ToString()));
            }

            Assert.Equal("""{"query":"x"}""", arguments);
            return;
        }

        ChatCompletion first = await Chat().CompleteChatAsync(messages, options);
        var call = Assert.Single(first.ToolCalls);
        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        messages.AddRange([new AssistantChatMessage(first), new ToolChatMessage(call.Id, "found")]);
        ChatCompletion second = await Chat().CompleteChatAsync(messages, options);

        Assert.Equal("Done.", second.Content[0].Text);
        Assert.Equal(2, _provider.Bill.BilledCalls);
        var expected = new[] { first, second }.Sum(answer => (answer.Usage.InputTokenCount * 250) + (answer.Usage.OutputTokenCount * 1000));
        Assert.Equal(expected, _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Chat_429_SdkSeesStatusAndNothingIsBilled()
    {
        _provider.Behaviour = new() { FailWithStatus = 429 };
        var failure = await Assert.ThrowsAsync<ClientResultException>(() => Chat().CompleteChatAsync("hello"));

        Assert.Equal(429, failure.Status);
        Assert.Contains("rate_limit_exceeded", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _provider.Bill.TotalMicrocents);
        Assert.Equal(429, Assert.Single(_provider.Calls).Status);
    }

    [Theory]
    [InlineData(BilledPart.SentSoFar, 4)]
    [InlineData(BilledPart.Full, 20)]
    public async Task Chat_CutStream_ThrowsAndBillsItsPart(BilledPart part, int billedOutput)
    {
        // The first event is the role; four words follow.
        _provider.Behaviour = new() { CutAfterEvents = 5, BillOnCut = part };
        var words = 0;
        var failure = await Record.ExceptionAsync(async () =>
        {
            await foreach (var update in Chat().CompleteChatStreamingAsync("hello world"))
            {
                words += update.ContentUpdate.Count(content => content.Text.Length > 0);
            }
        });

        Assert.IsAssignableFrom<IOException>(failure);
        Assert.Equal(4, words);
        Assert.Equal((9 * 250) + (billedOutput * 1000), _provider.Bill.TotalMicrocents);
        Assert.False(_provider.Calls[0].Finished);
    }

    [Theory]
    [InlineData(BilledPart.Full)]
    [InlineData(BilledPart.SentSoFar)]
    public async Task Chat_ClientLeavesMidStream_BillsItsPart(BilledPart part)
    {
        _provider.Behaviour = new() { DelayBetweenEvents = TimeSpan.FromMinutes(10), BillOnDisconnect = part };

        // By default .NET reads on for two seconds after the caller has stopped, to save the connection.
        using var http = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero });
        var options = Options();
        options.Transport = new HttpClientPipelineTransport(http);
        var client = new ChatClient("gpt-4o", new ApiKeyCredential("test-key"), options);
        await foreach (var update in client.CompleteChatStreamingAsync("hello world"))
        {
            break;
        }

        await _provider.WhenIdleAsync();
        var whole = (9 * 250) + (20 * 1000);
        var (least, most) = part == BilledPart.Full ? (whole, whole) : (9 * 250, whole - 1);
        Assert.InRange(_provider.Bill.TotalMicrocents, least, most);
        Assert.False(_provider.Calls[0].Finished);
    }

    [Fact]
    public async Task Chat_CutBeforeHeaders_ThrowsAndIsBilled()
    {
        _provider.Behaviour = new() { CutBeforeHeaders = true };
        await Assert.ThrowsAnyAsync<Exception>(() => Chat().CompleteChatAsync("hello world"));

        Assert.Equal((9 * 250) + (20 * 1000), _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Responses_NonStream_SdkAndBillAgree()
    {
        ResponseResult answer = await Responses().CreateResponseAsync("gpt-4o", "hello world");

        Assert.Equal(ResponseStatus.Completed, answer.Status);
        Assert.Equal(string.Concat(Enumerable.Repeat(" ok", 20)), answer.GetOutputText());
        Assert.Equal(9, answer.Usage.InputTokenCount);
        Assert.Equal((9 * 250) + (20 * 1000), _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Responses_Capped_IsIncomplete()
    {
        _provider.Behaviour = new() { OutputTokens = 100 };
        var options = new CreateResponseOptions("gpt-4o", [ResponseItem.CreateUserMessageItem("hello world")]) { MaxOutputTokenCount = 16 };
        ResponseResult answer = await Responses().CreateResponseAsync(options);

        Assert.Equal(ResponseStatus.Incomplete, answer.Status);
        Assert.Equal(ResponseIncompleteStatusReason.MaxOutputTokens, answer.IncompleteStatusDetails.Reason);
        Assert.Equal(16, answer.Usage.OutputTokenCount);
        Assert.Equal((9 * 250) + (16 * 1000), _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Responses_StreamWithTextAndTool_EveryEventIsUnderstood()
    {
        _provider.Behaviour = new()
        {
            Reply = _ => new() { Text = "Let me look.", ToolCalls = [new("search", """{"query":"x"}""")] },
        };
        var text = "";
        ResponseResult? final = null;
        await foreach (var update in Responses().CreateResponseStreamingAsync("gpt-4o", "hello world"))
        {
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            final = (update as StreamingResponseCompletedUpdate)?.Response ?? final;
        }

        Assert.Equal("Let me look.", text);
        Assert.Equal("search", final!.OutputItems.OfType<FunctionCallResponseItem>().Single().FunctionName);
        Assert.Equal((9 * 250) + (final.Usage.OutputTokenCount * 1000), _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Embeddings_InputIsBilled()
    {
        var client = new EmbeddingClient("text-embedding-3-small", new ApiKeyCredential("test-key"), Options());
        OpenAIEmbedding answer = await client.GenerateEmbeddingAsync("hello world");

        Assert.Equal(1536, answer.ToFloats().Length);
        Assert.Equal(2 * 2, _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task UnknownModel_404AndNotBilled()
    {
        var client = new ChatClient("gpt-unknown", new ApiKeyCredential("test-key"), Options());
        var failure = await Assert.ThrowsAsync<ClientResultException>(() => client.CompleteChatAsync("hello"));

        Assert.Equal(404, failure.Status);
        Assert.Equal(0, _provider.Bill.TotalMicrocents);
    }

    private OpenAIClientOptions Options() =>
        new() { Endpoint = _provider.OpenAIEndpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };

    private ChatClient Chat() => new("gpt-4o", new ApiKeyCredential("test-key"), Options());

    private ResponsesClient Responses()
    {
        var options = new ResponsesClientOptions { Endpoint = _provider.OpenAIEndpoint, RetryPolicy = new ClientRetryPolicy(0) };
        return new(new ApiKeyCredential("test-key"), options);
    }
}
