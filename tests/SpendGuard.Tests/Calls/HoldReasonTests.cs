using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using static SpendGuard.Tests.Pricing.Cards;

namespace SpendGuard.Tests.Calls;

/// <summary>The refusal of a call that holds more than what can be seen of it says what it holds, why, and what to set.</summary>
public sealed class HoldReasonTests
{
    private const string Unkept = "example.com is not known to keep it; allow it with OutputCap.";

    public static TheoryData<string, CallShape, string?> Shapes => new()
    {
        { "nothing", new CallShape { InputBound = 100, OutputTokens = 10 }, null },
        { "the cap", new CallShape { InputBound = 100, OutputTokens = 10, UnkeptCap = Unkept }, $"It holds the 500 tokens that are the most the model gives out, and not the 10 of its cap. {Unkept}" },
        { "a file", new CallShape { InputBound = 100, OutputTokens = 10, UnseenInput = "a file" }, "It holds the 1000 tokens that are the most the model takes in, because of a file, whose input cannot be seen." },
        {
            "features",
            new CallShape { InputBound = long.MaxValue, OutputTokens = 10, UnboundedFeatures = ["Wrapper", "ConversationId"] },
            "It holds the 1000 tokens that are the most the model takes in, because of Wrapper, ConversationId, whose input cannot be seen."
        },
        { "a feature without input", new CallShape { InputBound = 100, OutputTokens = 10, UnboundedFeatures = ["OutputCap"] }, null },
    };

    /// <summary>Text by its bytes, or by the model's tokenizer; tools are by their bytes whatever counts the text, which is told where they are most of it.</summary>
    [Theory]
    [InlineData("anthropic", "claude-haiku-4-5", 0, 1, true)]
    [InlineData("openai", "gpt-4o-mini", 0, 1, false)]
    [InlineData("openai", "gpt-4o-mini", 5, 1, false)]
    [InlineData("openai", "gpt-4o-mini", 500, 1, true)]
    [InlineData("openai", "gpt-4o-mini", 0, 0, true)]
    public async Task Refusal_SaysWhetherItGoesByBytes(string provider, string model, int tool, long left, bool isByBytes)
    {
        await using var engine = new SpendGuardEngine(new InMemoryBudgetStore(), new Prices(PriceBook.LoadBundled()));
        await engine.SetBudgetAsync("a", Money.FromMicrocents(left));
        var key = new ModelKey(provider, model);
        var input = new InputBound(key, engine.TokenCounters).AddText("The quick brown fox jumps over the lazy dog.");
        input = tool > 0 ? input.AddTool("f", new string('d', tool), "{}") : input;

        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(async () => await engine.ReserveAsync(
            new ModelCall { Agent = "a", Model = key, Shape = new CallShape { InputBound = input.Tokens, Input = input, OutputTokens = 10 } }));

        Assert.Equal(isByBytes, refusal.IsByBytes);
        Assert.Contains(
            isByBytes ? $"the call needs {refusal.Required} by the bytes of its input, whose exact count is not known. Top" : $"the call needs at least {refusal.Required}. Top",
            refusal.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Refusal_SaysWhyTheHoldIsMore(string because, CallShape shape, string? told)
    {
        Assert.NotEmpty(because);
        var card = Of(1, 1) with { MaxInputTokens = 1_000, MaxOutputTokens = 500 };
        await using var engine = new SpendGuardEngine(new InMemoryBudgetStore(), new Prices(new PriceBook("a test", DateTimeOffset.UnixEpoch, [card])));
        await engine.SetBudgetAsync("a", Money.FromMicrocents(1));

        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(
            async () => await engine.ReserveAsync(new ModelCall { Agent = "a", Model = Model, Shape = shape }));

        Assert.Contains($"the call needs at least {refusal.Required}.{(told is null ? "" : " " + told)} Top the budget up", refusal.Message, StringComparison.Ordinal);
    }
}
