using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Tests.Bounds;

public class InputBoundTests
{
    private static readonly TokenCounters Counters = new();

    [Fact]
    public void Tokens_OfNothing_AreTheTemplateOfTheCall() => Assert.Equal(64, Bound("anthropic", "claude").Tokens);

    [Fact]
    public void Tokens_OfMessagesWithText_AreTextPlusTemplate() =>
        Assert.Equal(64 + 16 + 5 + 16 + 1 + 3 + 4, Bound("anthropic", "claude").AddMessage().AddText("hello").AddMessage("bob").AddText("😀").AddText(null).Tokens);

    [Fact]
    public void AddText_KnownTokenizer_IsItsBytesAndExactOnceCounted()
    {
        var bound = Bound("openai", "gpt-4o").AddText("hello world");

        Assert.Equal((64 + 11, true), (bound.Tokens, bound.CanCount));
        Assert.Equal(64 + 2, bound.Count(CancellationToken.None));
        Assert.Equal((64 + 11, 64 + 2), (bound.Tokens, bound.Closest));
    }

    [Fact]
    public void CanCount_NothingToGain_IsFalse()
    {
        Assert.False(Bound("openai", "gpt-4o").AddMessage().CanCount);
        Assert.False(Bound("anthropic", "claude").AddText("hello").CanCount);
        Assert.False(Bound("openai", "gpt-4o").AddText("hello").AddUnseen("a file").CanCount);
    }

    [Fact]
    public void AddRest_OfWhatRepeatsATextInMoreWords_AddsWhatIsMore()
    {
        var bound = Bound("openai", "gpt-4o");
        var mark = bound.Mark();
        bound.AddText("hello world").AddRest("hello world, hello world", mark);

        Assert.Equal(64 + 24, bound.Tokens);
        Assert.Equal(64 + 5, bound.Count(CancellationToken.None));
        Assert.Equal(64 + 24, Bound("openai", "gpt-4o").AddText("hello world, hello world").AddRest("hi", default).Tokens);
    }

    [Fact]
    public void Count_AnotherTextAfterIt_CountsAnew()
    {
        var bound = Bound("openai", "gpt-4o").AddText("hello world");
        bound.Count(CancellationToken.None);

        Assert.Equal(64 + 4, bound.AddText("hello world").Count(CancellationToken.None));
    }

    [Fact]
    public void Count_NobodyWaits_Stops() => Assert.ThrowsAny<OperationCanceledException>(
        () => Bound("openai", "gpt-4o").AddText("hello world").Count(new CancellationToken(canceled: true)));

    [Fact]
    public void AddTool_Definition_CountsItsBytesOneAndAHalfTimes() =>
        Assert.Equal(64 + 32 + 14, Bound("gemini", "any").AddTool("abc", "é", "{\"a\"").Tokens);

    [Fact]
    public void AddTool_Anthropic_AddsThePromptOfTheProviderOnce() =>
        Assert.Equal(64 + 1024 + 2 * (32 + 14), Bound("anthropic", "claude").AddTool("abc", "é", "{\"a\"").AddTool("abc", "é", "{\"a\"").Tokens);

    [Theory]
    [InlineData("openai", "gpt-4o", 1_445)]
    [InlineData("openai", "gpt-4o-mini", 48_169)]
    [InlineData("openai", "ft:gpt-4o-2024-08-06:x", 1_445)]
    [InlineData("openai", "gpt-4.1", 1_445)]
    [InlineData("openai", "gpt-4.1-nano", 3_779)]
    [InlineData("openai", "gpt-5", 1_445)]
    [InlineData("openai", "gpt-5.1", 3_779)]
    [InlineData("openai", "gpt-5.2-pro", 3_779)]
    [InlineData("openai", "gpt-5-codex", 3_779)]
    [InlineData("openai", "gpt-5-pro-2025-10-06", 3_779)]
    [InlineData("openai", "gpt-5.4", 24_600)]
    [InlineData("openai", "gpt-5.5", 24_600)]
    [InlineData("openai", "gpt-5.6-sol", 36_000)]
    [InlineData("openai", "gpt-5-not-known-yet", 73_800)]
    [InlineData("openai", "not-known-yet", 73_800)]
    [InlineData("openai", "gpt-6.2-sol", 36_000)]
    [InlineData("anthropic", "claude-opus-5-5", 4_784)]
    [InlineData("anthropic", "claude-opus-4-7", 4_784)]
    [InlineData("anthropic", "claude-sonnet-4-5-20250929", 2_000)]
    [InlineData("anthropic", "claude-3-5-sonnet-20241022", 2_000)]
    [InlineData("anthropic", "claude-4-opus-20250514", 2_000)]
    [InlineData("anthropic", "claude-next", 4_784)]
    [InlineData("gemini", "gemini-4-argon", 2_240)]
    [InlineData("grok", "grok-4.7", 1_792)]
    public void AddImage_OfAProvider_IsItsPublishedBound(string provider, string model, long tokens) =>
        Assert.Equal(64 + tokens, Bound(provider, model).AddImage().Tokens);

    [Theory]
    [InlineData("high", 3_000)]
    [InlineData("low", 3_000)]
    [InlineData("original", 36_000)]
    [InlineData("auto", 36_000)]
    public void AddImage_OpenAI_GoesByTheDetail(string detail, long tokens) =>
        Assert.Equal(64 + tokens, Bound("openai", "gpt-6.2-sol").AddImage(detail: detail).Tokens);

    /// <summary>The picture that is long and thin has as many tokens as a large one: it is cut into smaller squares.</summary>
    [Theory]
    [InlineData("openai", "gpt-6.2-sol", 1_024, 1_024, 1_229)]
    [InlineData("openai", "gpt-6.2-sol", 1, 1, 308)]
    [InlineData("openai", "gpt-6.2-sol", 60_000, 60_000, 36_000)]
    [InlineData("openai", "gpt-4.1-nano", 60_000, 60_000, 3_779)]
    [InlineData("openai", "gpt-5.5", 60_000, 60_000, 24_600)]
    [InlineData("openai", "gpt-5-not-known-yet", 1, 1, 48_169)]
    [InlineData("openai", "gpt-5-not-known-yet", 60_000, 60_000, 73_800)]
    [InlineData("gemini", "gemini-2.5-flash", 300, 384, 258)]
    [InlineData("gemini", "gemini-2.5-flash", 960, 540, 6 * 258)]
    [InlineData("gemini", "gemini-2.5-flash", 3_000, 2_000, 12 * 258)]
    [InlineData("gemini", "gemini-2.5-flash", 10_000, 100, 152 * 2 * 258)]
    [InlineData("gemini", "gemini-2.5-flash", 1, 10_000, 10_000 * 258)]
    [InlineData("gemini", "gemini-exp-1206", 300, 300, 2_240)]
    [InlineData("gemini", "gemini-3.5-flash", 10_000, 100, 2_240)]
    public void AddImage_OfKnownSize_GoesByIt(string provider, string model, int width, int height, long tokens) =>
        Assert.Equal(64 + tokens, Bound(provider, model).AddImage(new ImageSize(width, height)).Tokens);

    [Fact]
    public void AddImage_GeminiOfUnknownSize_IsTheModelsMaximum()
    {
        Assert.Equal("an image of unknown size", Bound("gemini", "gemini-2.5-flash").AddImage().UnseenInput);
        Assert.Null(Bound("gemini", "gemini-2.5-flash").AddImage(new ImageSize(1, 1)).UnseenInput);
    }

    [Fact]
    public void AddImage_UnknownProvider_IsRefused() => Assert.Throws<UnboundedCostException>(() => Bound("mine", "local").AddImage());

    [Fact]
    public void Add_NegativeOrBeyondRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Bound("mine", "local").Add(-1));
        Assert.Throws<OverflowException>(() => Bound("mine", "local").Add(long.MaxValue));
    }

    [Fact]
    public void LeastTokens_KnownTokenizer_AreItsCountOnceCounted()
    {
        var bound = Bound("openai", "gpt-4o").AddMessage().AddText("hello world").AddImage();
        Assert.Equal(0, bound.LeastTokens);

        bound.Count(CancellationToken.None);
        Assert.Equal(2, bound.LeastTokens);
    }

    [Fact]
    public void LeastTokens_UnknownTokenizer_AreSixteenBytesEach() =>
        Assert.Equal(4 + 2, Bound("anthropic", "claude").AddMessage().AddText(new string('é', 35)).AddTool("f", "d", new string('x', 30)).AddImage().LeastTokens);

    private static InputBound Bound(string provider, string model) => new(new ModelKey(provider, model), Counters);
}
