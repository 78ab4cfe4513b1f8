using SpendGuard.Bounds;
using SpendGuard.Calls;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Tests.Calls;

/// <summary>Models that run other models, search or browse without being asked to have no bound, whoever serves them.</summary>
public sealed class UnboundedModelTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("grok", "grok-4.20-multi-agent-0309", "MultiAgent")]
    [InlineData("grok", "grok-4.20-multi-agent-beta-0309", "MultiAgent")]
    [InlineData("grok", "grok-5-heavy", "MultiAgent")]
    [InlineData("router", "x-ai/grok-4.20-multi-agent", "MultiAgent")]
    [InlineData("router", "x-ai/grok-4-heavy", "MultiAgent")]
    [InlineData("openai", "o3-deep-research-2025-06-26", "DeepResearch")]
    [InlineData("openai", "o4-mini-deep-research", "DeepResearch")]
    [InlineData("azure", "o3-deep-research", "DeepResearch")]
    [InlineData("gemini", "deep-research-pro-preview", "DeepResearch")]
    [InlineData("openai", "gpt-4o-search-preview", "WebSearch")]
    [InlineData("openai", "gpt-5-search-api-2025-10-14", "WebSearch")]
    [InlineData("router", "maker/any-model:online", "WebSearch")]
    public void Quote_OfAModelThatActsByItself_IsRefused(string provider, string model, string feature)
    {
        var refusal = Assert.Throws<UnboundedCostException>(() => QuoteOf(new ModelKey(provider, model), allowed: false));

        Assert.Equal(feature, refusal.Feature);
        Assert.Contains("Call a model that answers in one run.", refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(QuoteOf(new ModelKey(provider, model), allowed: true));
    }

    /// <summary>All others of the book answer in one run, as far as is known.</summary>
    [Fact]
    public void Book_ModelsThatActByThemselves_AreThese() => Assert.Equal(
        [
            "grok:grok-4.20-multi-agent-0309", "grok:grok-4.20-multi-agent-beta-0309", "openai:gpt-4o-mini-search-preview",
            "openai:gpt-4o-mini-search-preview-2025-03-11", "openai:gpt-4o-search-preview", "openai:gpt-4o-search-preview-2025-03-11",
            "openai:gpt-5-search-api", "openai:gpt-5-search-api-2025-10-14", "openai:o3-deep-research", "openai:o3-deep-research-2025-06-26",
            "openai:o4-mini-deep-research", "openai:o4-mini-deep-research-2025-06-26",
        ],
        PriceBook.LoadBundled().Models
            .Where(model => Vendor.Of(model.Provider).UnboundedBy(model.Model) is not null)
            .Select(model => model.ToString())
            .Order(StringComparer.Ordinal));

    private static Quote QuoteOf(ModelKey model, bool allowed)
    {
        var card = new RateCard { Model = model, Rates = new() { Input = Rate.FromCents(1), Output = Rate.FromCents(1) }, MaxInputTokens = 1_000, MaxOutputTokens = 1_000 };
        var shape = new CallShape { InputBound = 40, OutputTokens = 10, UnboundedModelAllowed = allowed };
        return Quote.For(
            new ModelCall { Agent = new AgentId("a"), Model = model, Shape = shape }, new PriceBook("a test", Now, [card]), new SpendGuardOptions(), Now);
    }
}
