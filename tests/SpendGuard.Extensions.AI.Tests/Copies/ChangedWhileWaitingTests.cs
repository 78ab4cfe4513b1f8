#pragma warning disable MEAI001, OPENAI001 // The SDK marks all of its Responses client experimental.

using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using SpendGuard.Budgets;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace SpendGuard.Extensions.AI.Tests.Copies;

/// <summary>A caller changes everything that it holds while its call waits for the budget: what is sent is what was priced.</summary>
public sealed class ChangedWhileWaitingTests : IAsyncLifetime
{
    private static readonly int Iterations = Environment.GetEnvironmentVariable("SPENDGUARD_SOAK") == "1" ? 2_000 : 12;

    private static readonly string Much = string.Concat(Enumerable.Repeat(" much more than was said", 500));

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(100));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public Task AnyPart_IsChangedWhileTheHoldWaits_BillIsWithinTheHold(string api, bool stream) =>
        Gen.Int[0, Call.Changes.Count - 1].HashSet[1, Call.Changes.Count].SampleAsync(
            async chosen =>
            {
                var call = new Call(Much);
                _guarded.Store.Refuse = command =>
                {
                    if (command is Reserve)
                    {
                        foreach (var change in chosen)
                        {
                            Call.Changes[change](call);
                        }
                    }

                    return false;
                };
                var response = await _guarded.Guard(_guarded.Leaf(api)).AskAsync(call.Messages, stream, call.Options);

                Assert.Equal("settled", response.Get<string>(SettlementProperties.End));
                Assert.InRange(
                    response.Get<long>(SettlementProperties.ChargedMicrocents), 1, response.Get<long>(SettlementProperties.HeldMicrocents));
                Assert.Equal(50, _guarded.Provider.Calls[^1].MaxOutputTokens);
                await _guarded.AssertPaidAsBilledAsync();
            },
            iter: Iterations,
            threads: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RawRepresentation_IsChangedWhileTheHoldWaits_IsRefusedUnsent(bool stream)
    {
        var raw = new UserChatMessage("hi");
        var message = new ChatMessage(ChatRole.User, "hi") { RawRepresentation = raw };
        _guarded.Store.Refuse = command =>
        {
            if (command is Reserve)
            {
                raw.Content.Add(ChatMessageContentPart.CreateTextPart(Much));
            }

            return false;
        };
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => _guarded.Chat().AskAsync([message], stream));

        Assert.Equal("RawRepresentation", refusal.Feature);
        Assert.Empty(_guarded.Provider.Calls);
        Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync()).Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_SayMoreEachTimeTheyAreEnumerated_AreEnumeratedOnce(bool stream)
    {
        var times = 0;
        await _guarded.Chat().AskAsync(Growing(), stream, new ChatOptions { MaxOutputTokens = 50 });

        Assert.Equal(1, times);
        await _guarded.AssertPaidAsBilledAsync();

        IEnumerable<ChatMessage> Growing()
        {
            times++;
            yield return new ChatMessage(ChatRole.User, times == 1 ? "hi" : Much);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Caller_FindsItsMessagesAndOptionsAsTheyWere(bool stream)
    {
        var call = new Call(Much);
        var before = JsonSerializer.Serialize(call.Messages, AIJsonUtilities.DefaultOptions);
        await _guarded.Chat().AskAsync(call.Messages, stream, call.Options);

        Assert.Equal(before, JsonSerializer.Serialize(call.Messages, AIJsonUtilities.DefaultOptions));
        Assert.Equal(50, call.Options.MaxOutputTokens);
        Assert.IsType<Call.Tool>(call.Options.Tools![0]);
    }

    /// <summary>A conversation with all kinds of parts that a caller can change.</summary>
    private sealed class Call
    {
        private readonly TextContent _text = new("look");
        private readonly byte[] _image = [.. Png(8, 8)];
        private readonly List<string> _nested = ["few"];
        private readonly Dictionary<string, object?> _arguments;
        private readonly FunctionResultContent _result;
        private readonly Tool _tool = new();
        private readonly string _much;

        public Call(string much)
        {
            _much = much;
            _arguments = new(StringComparer.Ordinal) { ["q"] = "x", ["list"] = _nested };
            _result = new FunctionResultContent("call_1", _nested);
            Messages =
            [
                new(ChatRole.User, [_text, new DataContent(_image, "image/png")]),
                new(ChatRole.Assistant, [new FunctionCallContent("call_1", "find", _arguments)]),
                new(ChatRole.Tool, [_result]),
                new(ChatRole.User, "go on"),
            ];
            Options = new ChatOptions { MaxOutputTokens = 50, Tools = [_tool], Instructions = "Be brief." };
        }

        public static IReadOnlyList<Action<Call>> Changes { get; } =
        [
            call => call.Messages.Add(new(ChatRole.User, call._much)),
            call => call.Messages[0].Contents.Add(new TextContent(call._much)),
            call => call.Messages[3].Contents = [new TextContent(call._much)],
            call => call._text.Text = call._much,
            call => Png(8_000, 8_000).CopyTo(call._image, 0),
            call => call._nested.Add(call._much),
            call => call._arguments["more"] = call._much,
            call => call._result.Result = call._much,
            call => call._tool.Says = call._much,
            call => call.Options.Tools!.Add(new Tool { Says = call._much }),
            call => call.Options.Instructions = call._much,
            call => call.Options.MaxOutputTokens = 100_000,
            call => call.Options.ModelId = "gpt-4-32k",
            call => call.Options.ResponseFormat = Microsoft.Extensions.AI.ChatResponseFormat.ForJsonSchema(
                JsonSerializer.SerializeToElement(new { type = "object", description = call._much })),
            call => call.Messages[0].AuthorName = call._much,
        ];

        public List<ChatMessage> Messages { get; }

        public ChatOptions Options { get; }

        /// <summary>The header of an image, which says its size.</summary>
        private static byte[] Png(int width, int height) =>
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
            .. BitConverter.GetBytes(width).Reverse(), .. BitConverter.GetBytes(height).Reverse(), 8, 2, 0, 0, 0, 0, 0, 0, 0,
        ];

        /// <summary>A tool that says something else when it is asked again.</summary>
        internal sealed class Tool : AIFunction
        {
            public string Says { get; set; } = "Finds.";

            public override string Name => "find";

            public override string Description => Says;

            public override JsonElement JsonSchema =>
                JsonSerializer.SerializeToElement(new { type = "object", properties = new { q = new { type = "string", description = Says } } });

            protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new("found");
        }
    }
}
