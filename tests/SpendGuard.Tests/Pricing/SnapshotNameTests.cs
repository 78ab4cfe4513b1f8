using SpendGuard.Pricing;

namespace SpendGuard.Tests.Pricing;

public sealed class SnapshotNameTests
{
    [Theory]
    [InlineData("gpt-4o", "gpt-4o-2024-08-06")]
    [InlineData("gpt-4", "gpt-4-0613")]
    [InlineData("claude-sonnet-4-5", "claude-sonnet-4-5-20250929")]
    [InlineData("claude-3-5-haiku-latest", "claude-3-5-haiku-20241022")]
    [InlineData("claude-opus-4-1@20250805", "claude-opus-4-1")]
    [InlineData("gemini-2.0-flash", "gemini-2.0-flash-001")]
    [InlineData("gemini-2.5-pro", "gemini-2.5-pro-preview-05-20")]
    [InlineData("grok-4", "grok-4-0709")]
    [InlineData("mistral-large-latest", "mistral-large-2411")]
    [InlineData("command-r", "command-r-08-2024")]
    [InlineData("llama3", "llama3:latest")]
    [InlineData("gpt-4o", "openai/GPT-4o")]
    public void TwoNames_OfOneModel(string left, string right) => Assert.True(SnapshotName.IsSameModel(left, right) && SnapshotName.IsSameModel(right, left));

    [Theory]
    [InlineData("gpt-4o", "gpt-4o-mini")]
    [InlineData("gpt-4", "gpt-5")]
    [InlineData("gpt-4o-mini", "gpt-4-0613")]
    [InlineData("gpt-5", "gpt-5-pro-2026-01-01")]
    [InlineData("claude-opus-4-1", "claude-opus-4-5")]
    [InlineData("gemini-2.5-pro", "gemini-2.5-flash-001")]
    [InlineData("grok-4-fast", "grok-4-fast-reasoning")]
    [InlineData("llama-3.1-8b", "llama-3.1-70b")]
    [InlineData("gpt-4o", "")]
    public void TwoNames_OfTwoModels(string left, string right) => Assert.False(SnapshotName.IsSameModel(left, right) || SnapshotName.IsSameModel(right, left));

    /// <summary>The name is the provider's, and may be anything.</summary>
    [Fact]
    public void NameOfAnyLength_IsLookedAtInNoTime()
    {
        var name = string.Concat(Enumerable.Repeat("-2024-07-18", 100_000));

        Assert.False(SnapshotName.IsSameModel(name + "x", "gpt-4o"));
        Assert.Equal(name, SnapshotName.ModelOf(name));
    }
}
