using System.Numerics;
using CsCheck;

namespace SpendGuard.Tests;

public class RateTests
{
    /// <summary>Rates from free to a hundred dollars a token, with up to twelve decimals.</summary>
    internal static readonly Gen<Rate> Rates = Gen.Frequency(
        (1, Gen.Const(Rate.Zero)),
        (4, Gen.Int[0, 100_000].Select(rate => Rate.FromMicrocents(rate))),
        (4, Gen.Long[0, 10_000_000_000].Select(rate => Rate.FromMicrocents(rate / 1_000_000m))),
        (1, Gen.Long[0, long.MaxValue / 2].Select(rate => Rate.FromMicrocents(rate / 1_000_000_000_000m))));

    [Theory]
    [InlineData("17.5")]
    [InlineData("0")]
    [InlineData("0.000000000001")]
    [InlineData("1000000000000")]
    [InlineData("999999999999.999999999999")]
    public void FromMicrocents_UpToTwelveDecimals_IsExact(string microcents) =>
        Assert.Equal(decimal.Parse(microcents), Rate.FromMicrocents(decimal.Parse(microcents)).Microcents);

    [Theory]
    [InlineData("-0.1")]
    [InlineData("0.0000000000001")]
    [InlineData("1000000000000.1")]
    public void FromMicrocents_NotRepresentable_Throws(string microcents) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Rate.FromMicrocents(decimal.Parse(microcents)));

    [Fact]
    public void FromCents_OneCent_IsAMillionMicrocents() => Assert.Equal(1_400_000m, Rate.FromCents(1.4m).Microcents);

    [Fact]
    public void For_AnyUnits_IsTheExactProduct() => Gen.Select(Rates, Gen.Long[0, 1L << 40]).Sample((rate, units) =>
        Assert.Equal(new BigInteger(rate.Microcents * 1_000_000_000_000m) * units, (BigInteger)rate.For(units).Picos));

    [Fact]
    public void For_CostBeyondRange_Throws() =>
        Assert.Throws<OverflowException>(() => Rate.FromMicrocents(1_000_000_000_000m).For(long.MaxValue));

    [Fact]
    public void For_NegativeUnits_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => Rate.Zero.For(-1));

    [Fact]
    public void UnitsFor_AnyAmount_IsTheMostThatItPaysFor() =>
        Gen.Select(Rates.Where(rate => rate > Rate.Zero), Gen.Long[0, 1L << 53]).Sample((rate, microcents) =>
        {
            var amount = ExactAmount.From(Money.FromMicrocents(microcents));
            var units = rate.UnitsFor(amount);
            Assert.True(rate.For(units) <= amount);
            Assert.True(units == long.MaxValue || rate.For(units + 1) > amount);
        });

    [Theory]
    [InlineData(0, 0, long.MaxValue)]
    [InlineData(0, 1, long.MaxValue)]
    [InlineData(0, -1, 0)]
    [InlineData(5, -1, 0)]
    [InlineData(5, 4, 0)]
    [InlineData(5, 5, 1)]
    public void UnitsFor_AtTheEdges_IsNoneOrUnlimited(long rate, long microcents, long units) =>
        Assert.Equal(units, Rate.FromMicrocents(rate).UnitsFor(ExactAmount.From(Money.FromMicrocents(microcents))));

    [Theory]
    [InlineData("15", "1.666667", "25.000005")]
    [InlineData("17.5", "2", "35")]
    [InlineData("7.5", "0.5", "3.75")]
    public void Times_Factor_IsExact(string rate, string factor, string product) =>
        Assert.Equal(decimal.Parse(product), Rate.FromMicrocents(decimal.Parse(rate)).Times(decimal.Parse(factor)).Microcents);

    [Fact]
    public void Times_ResultWithTooManyDecimals_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Rate.FromMicrocents(0.000000000001m).Times(0.5m));

    [Fact]
    public void Max_AnyRates_IsTheDearer() => Gen.Select(Rates, Rates).Sample((left, right) =>
    {
        var max = Rate.Max(left, right);
        Assert.True(max >= left && max >= right && (max == left || max == right));
    });

    [Theory]
    [InlineData("17.50", "17.5")]
    [InlineData("0.000000000001", "0.000000000001")]
    public void ToString_AnyRate_IsInMicrocents(string rate, string text) =>
        Assert.Equal(text, Rate.FromMicrocents(decimal.Parse(rate)).ToString());
}
