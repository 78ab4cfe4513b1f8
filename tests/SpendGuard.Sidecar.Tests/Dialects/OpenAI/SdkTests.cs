#pragma warning disable OPENAI001 // The SDK marks all of its Responses client experimental.

using System.ClientModel;
using OpenAI.Chat;
using OpenAI.Responses;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.OpenAI;

/// <summary>The official SDK works through the sidecar as it does against the provider, and the budget loses what the provider bills.</summary>
public sealed class SdkTests : IAsyncLifetime
{
    private readonly ProviderPrice _grok = new("grok-4.6", 200, 600) { CachedInput = 50, MaxOutputTokens = 500_000 };
    private SidecarFixture _sidecar = null!;
    private string _agent = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync([_grok]);
        _agent = await _sidecar.AgentAsync();
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Chat_AnswersAndCharges()
    {
        _sidecar.Provider.Behaviour = Behaviour.Say("Hello there.");
        ChatCompletion answer = await Sdk.Chat(_sidecar.OpenAIEndpoint, _agent).CompleteChatAsync("Say hello.");

        Assert.Equal("Hello there.", answer.Content[0].Text);
        Assert.Equal(_sidecar.Provider.Calls.Single().OutputTokens, answer.Usage.OutputTokenCount);
        Assert.True(await _sidecar.AssertPaidAsBilledAsync(_agent) > 0);
    }

    [Fact]
    public async Task ChatStream_AnswersWithUsageAndCharges()
    {
        _sidecar.Provider.Behaviour = Behaviour.Say("Hello there.");
        var text = "";
        ChatTokenUsage? usage = null;
        await foreach (var update in Sdk.Chat(_sidecar.OpenAIEndpoint, _agent).CompleteChatStreamingAsync("Say hello."))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
        }

        // The caller that has its answer finds the charge in the budget.
        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents, (await _sidecar.BudgetAsync(_agent))!.Spent);
        Assert.Equal("Hello there.", text);
        Assert.NotNull(usage);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task ChatTools_EachRoundIsCharged()
    {
        _sidecar.Provider.Behaviour = Behaviour.CallTool("search", """{"query":"é😀"}""");
        var client = Sdk.Chat(_sidecar.OpenAIEndpoint, _agent);
        var schema = BinaryData.FromString("""{"type":"object","properties":{"query":{"type":"string"}}}""");
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("search", "Searches.", schema) } };
        List<ChatMessage> messages = [ChatMessage.CreateUserMessage("Find it.")];
        ChatCompletion asked = await client.CompleteChatAsync(messages, options);
        messages.Add(ChatMessage.CreateAssistantMessage(asked));
        messages.Add(ChatMessage.CreateToolMessage(asked.ToolCalls[0].Id, "Nothing."));
        ChatCompletion answer = await client.CompleteChatAsync(messages, options);

        Assert.Equal("Done.", answer.Content[0].Text);
        Assert.Equal(2, _sidecar.Provider.Bill.BilledCalls);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task Response_AnswersAndCharges()
    {
        _sidecar.Provider.Behaviour = Behaviour.Say("Hello there.") with { ReasoningTokens = 40, CachedInputTokens = 3 };
        ResponseResult answer = await Sdk.Responses(_sidecar.OpenAIEndpoint, _agent).CreateResponseAsync(Ask("Say hello."));

        Assert.Equal("Hello there.", answer.GetOutputText());
        Assert.True(await _sidecar.AssertPaidAsBilledAsync(_agent) > 0);
    }

    [Fact]
    public async Task ResponseStream_AnswersAndCharges()
    {
        _sidecar.Provider.Behaviour = Behaviour.Say("Hello there.");
        var last = await LastAsync(Ask("Say hello."));

        var completed = Assert.IsType<StreamingResponseCompletedUpdate>(last);
        Assert.Equal("Hello there.", completed.Response.GetOutputText());
        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents, (await _sidecar.BudgetAsync(_agent))!.Spent);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task ResponseStream_EndsIncomplete_IsChargedAllTheSame()
    {
        _sidecar.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        var asked = Ask("Go on.");
        asked.MaxOutputTokenCount = 50;
        var last = await LastAsync(asked);

        Assert.IsType<StreamingResponseIncompleteUpdate>(last);
        Assert.Equal(50, _sidecar.Provider.Calls.Single().OutputTokens);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task Response_EndsIncomplete_IsChargedAllTheSame()
    {
        _sidecar.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        ResponseResult answer = await Sdk.Responses(_sidecar.OpenAIEndpoint, _agent).CreateResponseAsync(Ask("Go on."));

        Assert.Equal(ResponseStatus.Incomplete, answer.Status);
        Assert.Equal(16_384, _sidecar.Provider.Calls.Single().MaxOutputTokens);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task ResponseStream_FailsWithoutUsage_CostsTheHold()
    {
        var held = _sidecar.WatchHolds(_agent);
        _sidecar.Provider.Behaviour = Behaviour.Say("Hello there, you.") with { FailAfterEvents = 5 };
        var last = await LastAsync(Ask("Say hello."));

        Assert.IsType<StreamingResponseFailedUpdate>(last);
        Assert.Equal(held.Single(), (await _sidecar.EndedAsync(_agent)).Spent);
        Assert.InRange(_sidecar.Provider.Bill.TotalMicrocents, 1, held.Single());
    }

    [Fact]
    public async Task ResponseTools_EachRoundIsCharged()
    {
        _sidecar.Provider.Behaviour = Behaviour.CallTool("search", """{"query":"é😀"}""");
        var schema = BinaryData.FromString("""{"type":"object","properties":{"query":{"type":"string"}}}""");
        var client = Sdk.Responses(_sidecar.OpenAIEndpoint, _agent);
        var ask = Ask("Find it.");
        ask.Tools.Add(ResponseTool.CreateFunctionTool("search", schema, strictModeEnabled: false, "Searches."));
        ResponseResult asked = await client.CreateResponseAsync(ask);
        var call = Assert.IsType<FunctionCallResponseItem>(asked.OutputItems[0]);
        ask.InputItems.Add(call);
        ask.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, "Nothing."));
        ResponseResult answer = await client.CreateResponseAsync(ask);

        Assert.Equal("Done.", answer.GetOutputText());
        Assert.Equal(2, _sidecar.Provider.Bill.BilledCalls);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task Embeddings_AreChargedByTheirInput()
    {
        var held = _sidecar.WatchHolds(_agent);
        var client = Sdk.Embeddings(_sidecar.OpenAIEndpoint, _agent);
        await client.GenerateEmbeddingAsync("a text");
        await client.GenerateEmbeddingsAsync(["a text", "and é😀"]);
        await client.GenerateEmbeddingsAsync([Enumerable.Range(1, 3).ToArray().AsMemory(), Enumerable.Range(4, 1).ToArray().AsMemory()]);

        Assert.Equal(3, _sidecar.Provider.Bill.BilledCalls);
        Assert.All(_sidecar.Provider.Calls.Zip(held), at => Assert.InRange(at.First.ChargeMicrocents, 1, at.Second));
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task Embeddings_ManyInputs_AreHeldForTogether()
    {
        // Each is within the model's maximum input, and all of them are far beyond it.
        var held = _sidecar.WatchHolds(_agent);
        var text = string.Concat(Enumerable.Repeat("word ", 4_000));
        await Sdk.Embeddings(_sidecar.OpenAIEndpoint, _agent).GenerateEmbeddingsAsync(Enumerable.Repeat(text, 20));

        var spent = await _sidecar.AssertPaidAsBilledAsync(_agent);
        Assert.InRange(spent, 20 * 4_000 * 2, held.Single());
    }

    [Fact]
    public async Task Models_AreThoseWithAPrice()
    {
        var openai = await Sdk.Models(_sidecar.OpenAIEndpoint).GetModelsAsync();
        var grok = await Sdk.Models(_sidecar.GrokEndpoint).GetModelsAsync();

        Assert.Contains(openai.Value, model => model is { Id: "gpt-4o", OwnedBy: "openai" });
        Assert.All(openai.Value, model => Assert.True(model.CreatedAt > DateTimeOffset.UnixEpoch));
        Assert.All(grok.Value, model => Assert.Equal("grok", model.OwnedBy));
        Assert.Contains(grok.Value, model => model.Id == "grok-4.6");
        Assert.Empty(_sidecar.Provider.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Grok_ReasonsBeyondTheCap_IsChargedAndWasHeldFor(bool stream)
    {
        var held = _sidecar.WatchHolds(_agent);
        _sidecar.Provider.Behaviour = new Behaviour { OutputTokens = 700, ReasoningTokens = 600 };
        var client = Sdk.Chat(_sidecar.GrokEndpoint, _agent, "grok-4.6");
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 100 };
        if (stream)
        {
            await foreach (var update in client.CompleteChatStreamingAsync([ChatMessage.CreateUserMessage("Think.")], options))
            {
                Assert.NotNull(update);
            }
        }
        else
        {
            await client.CompleteChatAsync([ChatMessage.CreateUserMessage("Think.")], options);
        }

        Assert.Equal(700, _sidecar.Provider.Calls.Single().OutputTokens);
        Assert.InRange(await _sidecar.AssertPaidAsBilledAsync(_agent), 1, held.Single());
    }

    [Fact]
    public async Task GrokResponse_IsCharged()
    {
        var asked = Ask("Hello.", "grok-4.6");
        asked.MaxOutputTokenCount = 100;
        await Sdk.Responses(_sidecar.GrokEndpoint, _agent).CreateResponseAsync(asked);

        Assert.Equal(100, _sidecar.Provider.Calls.Single().MaxOutputTokens);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task BudgetIsTooSmall_IsRefusedAndNotTriedAgain()
    {
        var poor = await _sidecar.AgentAsync(cents: 1);
        var posts = _sidecar.Watch.Posts;
        var prompt = string.Concat(Enumerable.Repeat("word ", 5_000));
        var refusal = await Assert.ThrowsAsync<ClientResultException>(
            () => Sdk.Chat(_sidecar.OpenAIEndpoint, poor).CompleteChatAsync(prompt));

        Assert.Equal(402, refusal.Status);
        Assert.Contains("Insufficient budget", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(posts + 1, _sidecar.Watch.Posts);
        await _sidecar.AssertNothingHappenedAsync(poor);
    }

    [Fact]
    public async Task CallInFlight_AnotherIsLockedOut()
    {
        var client = Sdk.Chat(_sidecar.OpenAIEndpoint, _agent);
        ClientResultException? locked = null;
        _sidecar.Provider.OnArrival = async _ =>
            locked = await Assert.ThrowsAsync<ClientResultException>(() => client.CompleteChatAsync("Me too."));
        await client.CompleteChatAsync("First.");

        var response = locked!.GetRawResponse()!;
        Assert.Equal(409, locked.Status);
        Assert.True(response.Headers.TryGetValue("Retry-After", out var seconds) && int.Parse(seconds!) >= 1);
        Assert.Contains("\"detail\":\"Agent budget is locked by an in-flight run\"", response.Content.ToString(), StringComparison.Ordinal);
        Assert.Single(_sidecar.Provider.Calls);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    private static CreateResponseOptions Ask(string question, string model = "gpt-4o") =>
        new() { Model = model, InputItems = { ResponseItem.CreateUserMessageItem(question) } };

    private async Task<StreamingResponseUpdate> LastAsync(CreateResponseOptions asked)
    {
        asked.StreamingEnabled = true;
        StreamingResponseUpdate? last = null;
        await foreach (var update in Sdk.Responses(_sidecar.OpenAIEndpoint, _agent).CreateResponseStreamingAsync(asked))
        {
            last = update;
        }

        return last!;
    }
}
