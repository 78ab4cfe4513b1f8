using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Tests.Bounds;

public sealed class UnlistedModelTests
{
    [Theory]
    [InlineData("openai", "our-fine-tune")]
    [InlineData("openai", "ft:davinci")]
    [InlineData("anthropic", "claude-sonnet-5")]
    public void For_ModelWithoutPublishedTokenizer_BoundsByBytes(string provider, string model) =>
        Assert.Equal(7, new TokenCounters().For(new ModelKey(provider, model)).Bound("grün: "));
}
