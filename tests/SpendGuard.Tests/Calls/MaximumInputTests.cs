using SpendGuard.Bounds;
using SpendGuard.Calls;
using SpendGuard.Pricing;
using static SpendGuard.Tests.Pricing.Cards;

namespace SpendGuard.Tests.Calls;

/// <summary>A card whose maximum input ends where its own dearer tier begins contradicts itself: the maximum is not a bound.</summary>
public sealed class MaximumInputTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    /// <summary>600,000 tokens are charged at $6 a million.</summary>
    [Fact]
    public void Hold_OfAModelWhoseTierBeginsAtItsMaximum_CoversWhatIsBeyond()
    {
        var shape = new CallShape { InputBound = 600_000, OutputTokens = 0 };

        var quote = Quote.For(Call(new ModelKey("anthropic", "claude-sonnet-4-5"), shape), PriceBook.LoadBundled(), new SpendGuardOptions(), Now);

        Assert.True(quote.Ceiling >= Money.FromCents(360), $"Only {quote.Ceiling} is held.");
    }

    [Theory]
    [InlineData(999, false, 500)]
    [InlineData(999, true, 500)]
    [InlineData(1_000, false, 5_000)]
    [InlineData(1_000, true, 5_000)]
    [InlineData(2_000, false, 5_000)]
    public void InputBound_AgainstATierAtOrBeyondTheMaximum_IsNotLowered(long threshold, bool inclusive, long perMaximum)
    {
        var card = Tiered(threshold, inclusive) with { MaxInputTokens = 1_000 };

        var quote = Quote.For(
            Call(Model, new CallShape { InputBound = 5_000, OutputTokens = 0 }),
            new PriceBook("a test", Now, [card]),
            new SpendGuardOptions(),
            Now);

        Assert.Equal(perMaximum == 500 ? 1_000 : 5_000, quote.Call.Shape.InputBound);
    }

    [Fact]
    public void UnseenInput_OfACardThatContradictsItself_IsRefusedWithTheFigures()
    {
        var card = Tiered(1_000, inclusive: false) with { MaxInputTokens = 1_000 };

        var refusal = Assert.Throws<UnboundedCostException>(() => Quote.For(
            Call(Model, new CallShape { InputBound = 5, UnseenInput = "a file", OutputTokens = 0 }),
            new PriceBook("a test", Now, [card]),
            new SpendGuardOptions(),
            Now));

        Assert.Contains("its rate card says 1000 tokens, and has a dearer price for more than that", refusal.Message, StringComparison.Ordinal);
    }

    private static RateCard Tiered(long threshold, bool inclusive) =>
        Of(1, 1) with { ContextTiers = [new ContextTier(threshold, inclusive, new TokenRates { Input = R(2), Output = R(2) })] };

    private static ModelCall Call(ModelKey model, CallShape shape) => new() { Agent = new AgentId("a"), Model = model, Shape = shape };
}
