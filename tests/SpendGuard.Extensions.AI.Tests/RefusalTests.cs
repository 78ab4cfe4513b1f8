#pragma warning disable MEAI001, OPENAI001 // Some of what is refused is experimental.

using Microsoft.Extensions.AI;
using OpenAI.Chat;
using SpendGuard.Budgets;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>What has no bound, no price or no budget is refused before anything is sent or held.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private const long MaxInput = 128_000;

    private static readonly Dictionary<string, Func<(Microsoft.Extensions.AI.ChatMessage Message, ChatOptions Options)>> Unbounded =
        new(StringComparer.Ordinal)
        {
            ["RawRepresentationFactory"] = () => With(new ChatOptions { RawRepresentationFactory = _ => new ChatCompletionOptions() }),
            ["ConversationId"] = () => With(new ChatOptions { ConversationId = "resp_1" }),
            ["BackgroundResponses"] = () => With(new ChatOptions { AllowBackgroundResponses = true }),
            ["HostedWebSearchTool"] = () => With(new HostedWebSearchTool()),
            ["HostedCodeInterpreterTool"] = () => With(new HostedCodeInterpreterTool()),
            ["HostedFileSearchTool"] = () => With(new HostedFileSearchTool()),
            ["HostedImageGenerationTool"] = () => With(new HostedImageGenerationTool()),
            ["HostedMcpServerTool"] = () => With(new HostedMcpServerTool("files", new Uri("https://mcp.example"))),
            ["HostedFileContent"] = () => With(new HostedFileContent("file_1")),
            ["audio/wav"] = () => With(new DataContent(new byte[] { 1 }, "audio/wav")),
            ["application/pdf"] = () => With(new DataContent(new byte[] { 1 }, "application/pdf")),
            ["video/mp4"] = () => With(new UriContent("https://files.example/film.mp4", "video/mp4")),
        };

    private Guarded _guarded = null!;

    public static TheoryData<string, bool> Features
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var feature in Unbounded.Keys)
            {
                data.Add(feature, false);
                data.Add(feature, true);
            }

            return data;
        }
    }

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Features))]
    public async Task Feature_HasNoBound_IsRefusedByName(string feature, bool stream)
    {
        var (message, options) = Unbounded[feature]();
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => _guarded.Chat().AskAsync([message], stream, options));

        Assert.Equal(feature, refusal.Feature);
        Assert.Contains($"AllowedFeatures.Add(\"{feature}\")", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [MemberData(nameof(Features))]
    public async Task Feature_IsAllowedByName_HoldsTheModelsMaximumInput(string feature, bool stream)
    {
        var (message, options) = Unbounded[feature]();
        options.MaxOutputTokens = 20;
        var agent = _guarded.Chat(configure: client => client.AllowedFeatures.Add(feature));
        await Record.ExceptionAsync(() => agent.AskAsync([message], stream, options));

        var ledger = await _guarded.LedgerAsync();
        var held = ledger.Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount;
        Assert.Equal((MaxInput * 250) + (20 * 1000), held.Microcents);
        await _guarded.EndAsync();
    }

    [Fact]
    public async Task RawRepresentationFactory_IsAllowed_GoesThrough()
    {
        var options = new ChatOptions
        {
            RawRepresentationFactory = _ => new ChatCompletionOptions { Seed = 1 },
            MaxOutputTokens = 20,
        };
        var agent = _guarded.Chat(configure: client => client.AllowedFeatures.Add("RawRepresentationFactory"));
        await agent.GetResponseAsync("hello world", options);

        Assert.Equal(20, Assert.Single(_guarded.Provider.Calls).MaxOutputTokens);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task AdditionalProperties_OfTheOptions_DoNotReachTheProvider(string api)
    {
        var names = new List<string>();
        _guarded.Provider.OnArrival = request =>
        {
            names.AddRange(request.Body.Select(member => member.Key));
            return Task.CompletedTask;
        };
        var properties = new AdditionalPropertiesDictionary
        {
            ["n"] = 5,
            ["max_tokens"] = 100_000,
            ["service_tier"] = "priority",
            ["ServiceTier"] = "priority",
            ["Store"] = true,
            ["tools"] = "x",
        };
        var options = new ChatOptions { AdditionalProperties = properties, MaxOutputTokens = 20 };
        await _guarded.Guard(_guarded.Leaf(api)).GetResponseAsync("hello world", options);

        Assert.Equal(20, Assert.Single(_guarded.Provider.Calls).MaxOutputTokens);
        Assert.DoesNotContain("n", names, StringComparer.Ordinal);
        Assert.DoesNotContain("service_tier", names, StringComparer.Ordinal);
        Assert.DoesNotContain("store", names, StringComparer.Ordinal);
        Assert.DoesNotContain("tools", names, StringComparer.Ordinal);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Model_IsUnknown_NamesTheNearest(bool stream)
    {
        var refusal = await Assert.ThrowsAsync<UnknownModelException>(() => _guarded.Chat("gpt-4o-mimi").AskAsync("hello", stream));

        Assert.Equal("openai:gpt-4o-mini", refusal.Nearest[0].ToString());
        Assert.Contains("openai:gpt-4o-mini", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData("https://ours.openai.azure.com/openai/v1", "azure:our-deployment")]
    [InlineData("https://ours.openai.azure.us/openai/v1", "azure:our-deployment")]
    [InlineData("https://ours.openai.azure.cn/openai/v1", "azure:our-deployment")]
    [InlineData("https://gateway.example/v1", "openai:our-deployment")]
    public async Task Model_HasNoPrice_NamesTheSettingsAndTheHostThatWasSeen(string address, string model)
    {
        var client = _guarded.Guard(_guarded.Completions("our-deployment", new Uri(address)));
        var refusal = await Assert.ThrowsAsync<UnknownModelException>(() => client.GetResponseAsync("hello"));

        Assert.Equal(model, refusal.Model.ToString());
        Assert.Contains(new Uri(address).Host, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("set Provider and Model", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Model_OfTheOptions_IsWhatIsPricedAndCalled()
    {
        await _guarded.Chat().GetResponseAsync("hello", new ChatOptions { ModelId = "gpt-4o-mini" });
        Assert.Equal("gpt-4o-mini", Assert.Single(_guarded.Provider.Calls).Model);
        await _guarded.AssertPaidAsBilledAsync();

        await Assert.ThrowsAsync<UnknownModelException>(
            () => _guarded.Chat().GetResponseAsync("hello", new ChatOptions { ModelId = "gpt-4o-unknown" }));
        Assert.Single(_guarded.Provider.Calls);
    }

    [Theory]
    [InlineData("gpt-unknown")]
    [InlineData("computer-use-preview")]
    public async Task Model_IsUnknownAndSoIsItsEncoding_IsRefusedAsUnknown(string model)
    {
        await Assert.ThrowsAsync<UnknownModelException>(() => _guarded.Chat(model).GetResponseAsync("hello"));
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_HasNoBudget_IsRefused(bool stream)
    {
        var refusal = await Assert.ThrowsAsync<BudgetNotFoundException>(() => _guarded.Chat(agent: "nobody").AskAsync("hello", stream));

        Assert.Equal("nobody", refusal.Agent.Value);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Budget_IsZero_IsRefused(bool stream)
    {
        await _guarded.SetBudgetAsync(Money.Zero, agent: "poor");
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => _guarded.Chat(agent: "poor").AskAsync("hello", stream));
        await _guarded.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Store_CannotCommit_NothingIsSent()
    {
        _guarded.Store.Refuse = command => command is Reserve;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _guarded.Chat().GetResponseAsync("hello"));
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToolResult_IsAnImage_IsBoundAsAnImage(bool stream)
    {
        // The adapter of Responses sends what a tool returns as an image, which costs far more than its address.
        var result = new FunctionResultContent("call_1", new UriContent("https://files.example/a.png", "image/png"));
        List<Microsoft.Extensions.AI.ChatMessage> messages =
        [
            new(ChatRole.User, "look"),
            new(ChatRole.Assistant, [new FunctionCallContent("call_1", "look")]),
            new(ChatRole.Tool, [result]),
        ];
        await _guarded.Guard(_guarded.Responses()).AskAsync(messages, stream, new ChatOptions { MaxOutputTokens = 20 });

        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount;
        Assert.True(held.Microcents > 1_445 * 250);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task ToolResult_IsADocument_IsRefusedByName()
    {
        var result = new FunctionResultContent("call_1", new List<AIContent> { new DataContent(new byte[] { 1 }, "application/pdf") });
        List<Microsoft.Extensions.AI.ChatMessage> messages = [new(ChatRole.User, "look"), new(ChatRole.Tool, [result])];
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => _guarded.Chat().GetResponseAsync(messages));

        Assert.Equal("application/pdf", refusal.Feature);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData("chat", "message")]
    [InlineData("chat", "content")]
    [InlineData("responses", "content")]
    public async Task RawRepresentation_SaysMoreThanTheContent_IsHeldFor(string api, string place)
    {
        var much = string.Concat(Enumerable.Repeat(" ok", 5_000));
        object raw = (api, place) switch
        {
            ("chat", "message") => new UserChatMessage(much),
            ("chat", _) => ChatMessageContentPart.CreateTextPart(much),
            _ => OpenAI.Responses.ResponseItem.CreateUserMessageItem(much),
        };
        var message = new Microsoft.Extensions.AI.ChatMessage(ChatRole.User, [new TextContent("hi")]);
        if (place == "message")
        {
            message.RawRepresentation = raw;
        }
        else
        {
            message.Contents[0].RawRepresentation = raw;
        }

        await _guarded.Guard(_guarded.Leaf(api)).GetResponseAsync([message], new ChatOptions { MaxOutputTokens = 20 });

        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount;
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 1, held.Microcents);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task RawRepresentation_IsAnImage_IsRefusedByName()
    {
        var text = new TextContent("hi") { RawRepresentation = ChatMessageContentPart.CreateImagePart(new Uri("https://files.example/a.png")) };
        var message = new Microsoft.Extensions.AI.ChatMessage(ChatRole.User, [text]);
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => _guarded.Chat().GetResponseAsync([message]));

        Assert.Equal("RawRepresentation", refusal.Feature);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RawRepresentation_IsOfAnSdkThatIsNotKnown_HoldsTheModelsMaximumInput(bool stream)
    {
        var messages = new Microsoft.Extensions.AI.ChatMessage[] { new(ChatRole.User, [new TextContent("hi") { RawRepresentation = new Part(Long) }]) };
        var options = new ChatOptions { MaxOutputTokens = 20 };
        await _guarded.SetBudgetAsync(Money.FromCents(1), agent: "poor");
        using var leaf = new SendsRaws(_guarded.Completions());
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => _guarded.Guard(leaf, "poor", AsGpt).AskAsync(messages, stream, options));
        await _guarded.AssertNothingHappenedAsync();

        await _guarded.Guard(leaf, configure: AsGpt).AskAsync(messages, stream, options);
        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount;
        Assert.Equal((MaxInput * 250) + (20 * 1000), held.Microcents);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task RawRepresentation_IsOfAnotherSdkThanTheAdapters_IsNotSent(string api, bool stream)
    {
        var text = new TextContent("hi") { RawRepresentation = new Part(Long) };
        var message = new Microsoft.Extensions.AI.ChatMessage(ChatRole.User, [text]) { RawRepresentation = new Part(Long) };
        await _guarded.Guard(_guarded.Leaf(api)).AskAsync([message], stream, new ChatOptions { MaxOutputTokens = 20 });

        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount;
        Assert.InRange(held.Microcents, 1, 200 * 400);
        Assert.IsType<Part>(text.RawRepresentation);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task RawRepresentation_OfTheAnthropicSdkSaysMore_IsHeldFor()
    {
        var text = new TextContent("hi") { RawRepresentation = new Anthropic.Models.Messages.TextBlockParam { Text = Long } };
        await _guarded.Guard(_guarded.Messages()).GetResponseAsync([new(ChatRole.User, [text])], new ChatOptions { MaxOutputTokens = 20 });
        await _guarded.AssertPaidAsBilledAsync();

        var held = (await _guarded.LedgerAsync()).Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount;
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 1, held.Microcents);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task Answer_GoesBackWithTheNextQuestion_IsNotHeldTwice(string api)
    {
        var agent = _guarded.Guard(_guarded.Leaf(api));
        _guarded.Provider.Behaviour = SpendGuard.Testing.Provider.Behaviour.Say(string.Concat(Enumerable.Repeat("once more ", 500)));
        List<Microsoft.Extensions.AI.ChatMessage> messages = [new(ChatRole.User, "hello")];
        var answer = await agent.GetResponseAsync(messages);
        messages.AddRange(answer.Messages);
        messages.Add(new(ChatRole.User, "again"));
        await agent.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = 1 });

        var held = (await _guarded.LedgerAsync()).Last(entry => entry.Kind == LedgerEntryKind.Reserved).Amount.Microcents;

        // By its bytes, which fit the budget.
        Assert.InRange(held, _guarded.Provider.Calls[1].ChargeMicrocents, 5_400 * 250);
        await _guarded.AssertPaidAsBilledAsync();
    }

    private static (Microsoft.Extensions.AI.ChatMessage Message, ChatOptions Options) With(ChatOptions options) =>
        (new(ChatRole.User, "hello"), options);

    private static (Microsoft.Extensions.AI.ChatMessage Message, ChatOptions Options) With(AITool tool) =>
        With(new ChatOptions { Tools = [tool] });

    private static (Microsoft.Extensions.AI.ChatMessage Message, ChatOptions Options) With(AIContent content) =>
        (new(ChatRole.User, [content]), new ChatOptions());

    private static readonly string Long = string.Concat(Enumerable.Repeat(" ok", 5_000));

    private static void AsGpt(GuardSettings guard) => (guard.Provider, guard.Model) = ("openai", "gpt-4o");

    /// <summary>What an SDK of whoever has for a part of a message.</summary>
    private sealed record Part(string Text);

    /// <summary>An adapter of whoever, which sends what the SDK's own objects say.</summary>
    private sealed class SendsRaws(IChatClient provider) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            provider.GetResponseAsync(Sent(messages), options, cancellationToken);

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            provider.GetStreamingResponseAsync(Sent(messages), options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() => provider.Dispose();

        private static IEnumerable<Microsoft.Extensions.AI.ChatMessage> Sent(IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages) =>
            messages.Select(message => new Microsoft.Extensions.AI.ChatMessage(
                message.Role, [.. message.Contents.Select(content => content.RawRepresentation is Part part ? new TextContent(part.Text) : content)]));
    }
}
