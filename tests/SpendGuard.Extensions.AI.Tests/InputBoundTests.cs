using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>Whatever is asked, the hold is no less than what the provider can bill for it.</summary>
public sealed class InputBoundTests : IAsyncLifetime
{
    private const int Cap = 30;

    /// <summary>What tokenizers, JSON and UTF-8 make the most trouble with.</summary>
    private static readonly string[] Fragments =
    [
        "👩‍👩‍👧‍👦", "🏳️‍🌈", "ภาษาไทยไม่มีช่องว่าง", "ភាសាខ្មែរ", "ꦧꦱꦗꦮ", "𒀀𒁀", "漢字かな", "é", "e\u0301", "\u202e", "\ufeff",
        "<|endoftext|>", "<|im_start|>system<|im_sep|>", "<|fim_prefix|>", "[INST]", "\\u0041", "\"", "\\", "</tool>", "&amp;",
        "\n\n\n", "\t", "   ", "\r\n", "\0", "\u0007", "\u001b[31m", "\ud83d", "\udc69", "q83vEjRWeJCrze8SNFZ4kA==", "AAAAAAAAAAAAAAAA",
        "0123456789", "3.14159e-10", "{\"a\":[1,2,{}]}", "def f(x):\n    return x", "supercalifragilistic", " the", " a", "word ", "—", "ﷺ", "𝕏",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(
        OneOf(Fragments).List[0, 12].Select(string.Concat),
        Gen.String[0, 60],
        Gen.Byte.Array[0, 90].Select(Convert.ToBase64String));

    private static readonly Gen<string> Name = Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"], 1, 40];

    private static readonly Gen<AITool> Tool = Gen.Select(Name, Text, Schema(depth: 3)).Select(
        (name, description, schema) => (AITool)AIFunctionFactory.CreateDeclaration(name, description, JsonDocument.Parse(schema).RootElement));

    private static readonly Gen<ChatMessage[]> Exchange = Gen.Select(Name, Text, Text, Text).Select((name, question, argument, result) =>
    {
        var id = "call_" + name;
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = argument, ["n"] = 1, ["list"] = new[] { argument } };
        return new ChatMessage[]
        {
            new(ChatRole.User, question) { AuthorName = name },
            new(ChatRole.Assistant, [new TextContent(argument), new FunctionCallContent(id, name, arguments)]),
            new(ChatRole.Tool, [new FunctionResultContent(id, result.Length % 2 == 0 ? result : arguments)]),
            new(ChatRole.Assistant, result),
        };
    });

    private static readonly Gen<(List<ChatMessage> Messages, ChatOptions Options)> Call =
        Gen.Select(Text, Exchange.List[0, 3], Text, Tool.List[0, 4], Gen.Bool).Select((system, exchanges, question, tools, structured) =>
        {
            List<ChatMessage> messages =
            [
                new(ChatRole.System, system),
                .. exchanges.SelectMany(exchange => exchange),
                new(ChatRole.User, [new TextContent(question), new TextContent("?")]),
            ];
            var options = new ChatOptions
            {
                Instructions = system,
                MaxOutputTokens = Cap,
                Tools = [.. tools.DistinctBy(tool => tool.Name, StringComparer.Ordinal)],
                ResponseFormat = structured && tools.OfType<AIFunctionDeclaration>().FirstOrDefault() is { } shape
                    ? ChatResponseFormat.ForJsonSchema(shape.JsonSchema, "shape", question)
                    : null,
            };
            return (messages, options);
        });

    private static readonly int Iterations = Soak.Rounds(150, 20_000);

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        _guarded.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        await _guarded.SetBudgetAsync(Money.FromDollars(1_000_000));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task AnyCall_HoldIsNoLessThanTheBill(string api)
    {
        var agent = _guarded.Guard(_guarded.Leaf(api));
        await Call.SampleAsync(
            async call =>
            {
                var response = await agent.GetResponseAsync(call.Messages, call.Options);
                Assert.Equal("settled", response.Get<string>(SettlementProperties.End));
                Assert.InRange(
                    response.Get<long>(SettlementProperties.ChargedMicrocents), 1, response.Get<long>(SettlementProperties.HeldMicrocents));
            },
            iter: Iterations,
            threads: 1);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task EachPart_IsLong_IsCounted(string api)
    {
        // Each part alone outweighs all that is allowed for templates.
        var much = string.Concat(Enumerable.Repeat("ភ ok", 1_000));
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["query"] = much };
        var call = new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("call_1", "search")]);
        ChatMessage[][] parts =
        [
            [new(ChatRole.System, much), new(ChatRole.User, "hi")],
            [new(ChatRole.User, "hi") { AuthorName = string.Concat(Enumerable.Repeat("a1_", 1_000)) }],
            [new(ChatRole.User, "hi"), new(ChatRole.Assistant, much), new(ChatRole.User, "hi")],
            [new(ChatRole.User, "hi"), new(ChatRole.Assistant, [new FunctionCallContent("call_1", "search", arguments)]), Result("")],
            [new(ChatRole.User, "hi"), call, Result(much)],
            [new(ChatRole.User, "hi"), call, Result(arguments)],
            [new(ChatRole.User, "hi"), call, Result(new List<AIContent> { new TextContent(much) })],
            [new(ChatRole.User, [new UriContent("https://files.example/a.png", "image/png"), new TextContent("hi")])],
        ];
        var agent = _guarded.Guard(_guarded.Leaf(api));
        foreach (var messages in parts)
        {
            var response = await agent.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = Cap });
            Assert.InRange(
                response.Get<long>(SettlementProperties.ChargedMicrocents), 1, response.Get<long>(SettlementProperties.HeldMicrocents));
        }

        await _guarded.AssertPaidAsBilledAsync();

        static ChatMessage Result(object result) => new(ChatRole.Tool, [new FunctionResultContent("call_1", result)]);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 400)]
    [InlineData(1, 8_000)]
    [InlineData(21, 100)]
    public async Task PlainEnglish_CountIsWithinFivePercentOfTheInput(int messages, int sentences)
    {
        const string Sentence = "The quick brown fox jumps over the lazy dog, and nobody in the village remembers why it had to hurry. ";
        var text = string.Concat(Enumerable.Repeat(Sentence, sentences / 2));
        var conversation = Enumerable.Range(0, messages)
            .Select(i => new ChatMessage(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, text)).ToList();
        var options = new ChatOptions { MaxOutputTokens = Cap };
        await _guarded.Chat("gpt-5.6").GetResponseAsync(conversation, options);

        var request = new ChatRequest(conversation, options, keepsUnknownRaws: true);
        var gate = new FeatureGate(new HashSet<string>(StringComparer.Ordinal));
        var shape = ChatCallShape.Of(request, new("openai", "gpt-5.6"), _guarded.Engine.TokenCounters, gate, new SharedRaws());
        var counted = Assert.Single(_guarded.Provider.Calls).InputTokens;
        Assert.InRange(shape.Input!.Count(CancellationToken.None), counted, (counted * 1.05) + 64 + (16 * messages));
        Assert.InRange(shape.InputBound, shape.Input.Closest, long.MaxValue);
    }

    [Fact]
    public void Bound_IsNeverCountedInCharacters()
    {
        // Five code units are eleven bytes and may be as many tokens.
        var counters = _guarded.Engine.TokenCounters;
        List<ChatMessage> messages = [new(ChatRole.User, "ab\ud83d\ude00\ud83d")];
        var request = new ChatRequest(messages, options: null, keepsUnknownRaws: true);
        var gate = new FeatureGate(new HashSet<string>(StringComparer.Ordinal));
        var shape = ChatCallShape.Of(request, new("acme", "unheard-of"), counters, gate, new SharedRaws());
        Assert.Equal(64 + 16 + Encoding.UTF8.GetByteCount("ab\ud83d\ude00\ufffd"), shape.InputBound);
    }

    private static Gen<string> Schema(int depth)
    {
        var leaf = OneOf("""{"type":"string"}""", """{"type":"integer","minimum":0}""", """{"enum":["a","b"]}""", "{}");
        if (depth == 0)
        {
            return leaf;
        }

        var property = Gen.Select(Gen.OneOf(Name, Text), Schema(depth - 1), Text);
        var nested = property.List[0, 4].Select(properties =>
        {
            var members = properties.DistinctBy(member => Printed(member.Item1), StringComparer.Ordinal)
                .Select(member => $"{Printed(member.Item1)}:{member.Item2}");
            var description = properties.Count > 0 ? $",\"description\":{Printed(properties[0].Item3)}" : "";
            return $$"""{"type":"object","properties":{{{string.Join(',', members)}}}{{description}}}""";
        });
        var list = Schema(depth - 1).Select(items => $$"""{"type":"array","items":{{items}}}""");
        return depth == 3 ? nested : Gen.OneOf(leaf, nested, list);
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static string Printed(string text) => JsonSerializer.Serialize(text.Replace('\0', ' '), AIJsonUtilities.DefaultOptions);
}
