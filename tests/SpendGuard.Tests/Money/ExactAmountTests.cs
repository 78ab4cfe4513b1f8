using CsCheck;

namespace SpendGuard.Tests;

public class ExactAmountTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.000000000001", 1)]
    [InlineData("17.5", 18)]
    [InlineData("18", 18)]
    public void RoundUp_Fraction_GoesToTheNextMicrocent(string microcents, long rounded) =>
        Assert.Equal(rounded, Rate.FromMicrocents(decimal.Parse(microcents)).For(1).RoundUp().Microcents);

    [Fact]
    public void RoundUp_NegativeFraction_GoesTowardsZero() =>
        Assert.Equal(-17, (ExactAmount.Zero - Rate.FromMicrocents(17.5m).For(1)).RoundUp().Microcents);

    [Fact]
    public void RoundUp_AnyAmount_AddsLessThanAMicrocent() =>
        Gen.Select(RateTests.Rates, Gen.Long[0, 1_000_000]).Sample((rate, units) =>
        {
            var exact = rate.For(units);
            var rounded = ExactAmount.From(exact.RoundUp());
            Assert.True(rounded >= exact);
            Assert.True((rounded - exact).Microcents < 1);
        });

    [Fact]
    public void RoundUp_BeyondRange_Throws() =>
        Assert.Throws<OverflowException>(() => Rate.FromMicrocents(1_000_000_000_000m).For(10_000_000).RoundUp());

    [Fact]
    public void Sum_BeyondRange_Throws() =>
        Assert.Throws<OverflowException>(() => ExactAmount.FromPicos(Int128.MaxValue) + ExactAmount.FromPicos(1));

    [Fact]
    public void Difference_BeyondRange_Throws() =>
        Assert.Throws<OverflowException>(() => ExactAmount.FromPicos(Int128.MinValue) - ExactAmount.FromPicos(1));

    [Fact]
    public void SumsOfManyFractions_RoundedOnce_LoseNothing()
    {
        var third = Rate.FromMicrocents(0.333333333333m).For(1);

        var sum = Enumerable.Repeat(third, 3_000_000).Aggregate(ExactAmount.Zero, (total, part) => total + part);

        Assert.Equal(999_999.999999m, sum.Microcents);
        Assert.Equal("999999.999999", sum.ToString());
        Assert.Equal(1_000_000, sum.RoundUp().Microcents);
    }
}
