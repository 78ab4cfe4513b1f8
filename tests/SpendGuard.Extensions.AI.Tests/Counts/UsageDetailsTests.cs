using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers.Anthropic;

namespace SpendGuard.Extensions.AI.Tests.Counts;

/// <summary>Counts as each adapter fills them in, where its SDK's own object is not at hand.</summary>
public sealed class UsageDetailsTests
{
    public static TheoryData<string, UsageDetails, Usage?> Cases => new()
    {
        // OpenAI: reasoning within the output.
        { "openai", Details(100, 50, 150, reasoning: 20, cached: 30), new Usage { Input = 70, CachedInput = 30, Output = 30, ReasoningOutput = 20 } },

        // Google: thoughts outside of the output, tool prompts outside of the input.
        {
            "gemini",
            Details(100, 50, 177, reasoning: 20, more: ("ToolUsePromptTokenCount", 7)),
            new Usage { Input = 107, Output = 50, ReasoningOutput = 20 }
        },
        { "gemini", Details(100, 50, total: null, reasoning: 20), new Usage { Input = 100, Output = 50, ReasoningOutput = 20 } },
        { "gemini", Details(100, 50, 150, reasoning: 20), new Usage { Input = 100, Output = 30, ReasoningOutput = 20 } },

        // xAI by any adapter that hands the counts on as they are.
        { "grok", Details(100, 50, 170, reasoning: 20), new Usage { Input = 100, Output = 50, ReasoningOutput = 20 } },
        { "grok", Details(100, 50, total: null, reasoning: 20), new Usage { Input = 100, Output = 50, ReasoningOutput = 20 } },

        // Anthropic: cache writes within the input.
        {
            "anthropic",
            Details(100, 50, 150, cached: 10, more: ("CacheCreationInputTokens", 40)),
            new Usage { Input = 50, CachedInput = 10, CacheWrite = 40, Output = 50 }
        },
        { "anthropic", Details(100, 50, 150, more: ("WebSearchRequests", 3)), new Usage { Input = 100, Output = 50, WebSearches = 3 } },

        // Unknown is never zero.
        { "openai", Details(null, 50, 50), null },
        { "openai", Details(100, null, 100), null },
        { "openai", Details(-1, 50, 49), null },
        { "openai", Details(0, 50, 50), null },
        { "gemini", Details(100, 50, total: null), null },
        { "openai", Details(100, 50, 150, more: ("billing_units", 1)), null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Counts_OfAnAdapter_AreTakenApart(string provider, UsageDetails details, Usage? expected) =>
        Assert.Equal(expected, ChatUsage.Read(details, Call(provider)) is { Incomplete: null, Usage: var usage } ? usage : null);

    [Theory]
    [InlineData("openai", 100, 50, 180, 0, 0, 100, 80)]
    [InlineData("openai", 100, 50, 120, 60, 0, 100, 110)]
    [InlineData("openai", 100, 50, 150, 0, 130, 230, 50)]
    [InlineData("gemini", 100, 50, 190, 20, 0, 100, 90)]
    public void Counts_ContradictEachOther_TheDearerReadingIsTaken(
        string provider, long input, long output, long total, long reasoning, long cached, long allInput, long allOutput)
    {
        var usage = ChatUsage.Read(Details(input, output, total, reasoning, cached), Call(provider)).Usage!;

        Assert.Equal((allInput, allOutput), (usage.TotalInput, usage.TotalOutput));
        Assert.NotNull(usage.Mismatch);
    }

    private static ModelCall Call(string provider) => new()
    {
        Agent = "a",
        Model = new ModelKey(provider, "m"),
        Shape = new CallShape { InputBound = 1 },
    };

    private static UsageDetails Details(
        long? input, long? output, long? total, long? reasoning = null, long? cached = null, (string Name, long Count)? more = null) => new()
    {
        InputTokenCount = input,
        OutputTokenCount = output,
        TotalTokenCount = total,
        ReasoningTokenCount = reasoning,
        CachedInputTokenCount = cached,
        AdditionalCounts = more is { } count ? new() { [count.Name] = count.Count } : null,
    };
}
