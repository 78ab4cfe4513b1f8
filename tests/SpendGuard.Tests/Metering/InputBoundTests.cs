using SpendGuard.Metering;
using SpendGuard.Pricing;

namespace SpendGuard.Tests.Metering;

public class InputBoundTests
{
    private static readonly TokenCounters Counters = new();

    [Fact]
    public void Tokens_OfNothing_AreTheTemplateOfTheCall() => Assert.Equal(64, Bound("anthropic", "claude").Tokens);

    [Fact]
    public void Tokens_OfMessagesWithText_AreTextPlusTemplate() =>
        Assert.Equal(64 + 16 + 5 + 16 + 1 + 3 + 4, Bound("anthropic", "claude").AddMessage().AddText("hello").AddMessage("bob").AddText("😀").AddText(null).Tokens);

    [Fact]
    public void AddText_KnownTokenizer_IsExact() => Assert.Equal(64 + 2, Bound("openai", "gpt-4o").AddText("hello world").Tokens);

    [Fact]
    public void AddTool_Definition_CountsItsBytesOneAndAHalfTimes() =>
        Assert.Equal(64 + 32 + 14, Bound("gemini", "any").AddTool("abc", "é", "{\"a\"").Tokens);

    [Fact]
    public void AddTool_Anthropic_AddsThePromptOfTheProviderOnce() =>
        Assert.Equal(64 + 1024 + 2 * (32 + 14), Bound("anthropic", "claude").AddTool("abc", "é", "{\"a\"").AddTool("abc", "é", "{\"a\"").Tokens);

    [Theory]
    [InlineData("openai", "gpt-4o", 1_445)]
    [InlineData("openai", "gpt-4o-mini", 48_169)]
    [InlineData("openai", "gpt-6.2-sol", 24_600)]
    [InlineData("anthropic", "claude-opus-5-5", 4_784)]
    [InlineData("gemini", "gemini-4-argon", 2_240)]
    [InlineData("grok", "grok-4.7", 1_792)]
    public void AddImage_OfAProvider_IsItsPublishedBound(string provider, string model, long tokens) =>
        Assert.Equal(64 + tokens, Bound(provider, model).AddImage().Tokens);

    [Fact]
    public void AddImage_UnknownProvider_IsRefused() => Assert.Throws<UnboundedCostException>(() => Bound("mine", "local").AddImage());

    [Fact]
    public void Add_NegativeOrBeyondRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Bound("mine", "local").Add(-1));
        Assert.Throws<OverflowException>(() => Bound("mine", "local").Add(long.MaxValue));
    }

    [Fact]
    public void LeastTokens_KnownTokenizer_AreItsCount() =>
        Assert.Equal(2, Bound("openai", "gpt-4o").AddMessage().AddText("hello world").AddImage().LeastTokens);

    [Fact]
    public void LeastTokens_UnknownTokenizer_AreSixteenBytesEach() =>
        Assert.Equal(4 + 2, Bound("anthropic", "claude").AddMessage().AddText(new string('é', 35)).AddTool("f", "d", new string('x', 30)).AddImage().LeastTokens);

    private static InputBound Bound(string provider, string model) => new(new ModelKey(provider, model), Counters);
}
