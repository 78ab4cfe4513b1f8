using System.Numerics;
using CsCheck;
using SpendGuard.Calls;

namespace SpendGuard.Tests;

public class MoneyTests
{
    private static readonly Gen<Money> Amounts = Gen.Long.Select(Money.FromMicrocents);

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(999_999, 0, 1)]
    [InlineData(1_000_000, 1, 1)]
    [InlineData(1_000_001, 1, 2)]
    [InlineData(-1, -1, 0)]
    [InlineData(-1_000_000, -1, -1)]
    [InlineData(-1_000_001, -2, -1)]
    [InlineData(long.MaxValue, 9_223_372_036_854, 9_223_372_036_855)]
    [InlineData(long.MinValue, -9_223_372_036_855, -9_223_372_036_854)]
    public void Cents_RoundedDownAndUp_BoundTheAmount(long microcents, long down, long up)
    {
        var money = Money.FromMicrocents(microcents);

        Assert.Equal(down, money.CentsRoundedDown);
        Assert.Equal(up, money.CentsRoundedUp);
    }

    [Fact]
    public void Cents_AnyAmount_RoundToFloorAndCeiling() => Amounts.Sample(money =>
    {
        var exact = (decimal)money.Microcents / 1_000_000;
        Assert.Equal(decimal.Floor(exact), money.CentsRoundedDown);
        Assert.Equal(decimal.Ceiling(exact), money.CentsRoundedUp);
    });

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 100_000_000)]
    [InlineData("0.00000001", 1)]
    [InlineData("-0.01", -1_000_000)]
    [InlineData("0.0000110000", 1_100)]
    [InlineData("92233720368.54775807", long.MaxValue)]
    public void FromDollars_UpToEightDecimals_IsExact(string dollars, long microcents)
    {
        var money = Money.FromDollars(decimal.Parse(dollars));

        Assert.Equal(microcents, money.Microcents);
        Assert.Equal(decimal.Parse(dollars), money.ToDollars());
    }

    [Theory]
    [InlineData("0.000000001")]
    [InlineData("0.0000000100000000000000000001")]
    public void FromDollars_FractionOfAMicrocent_Throws(string dollars) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Money.FromDollars(decimal.Parse(dollars)));

    [Theory]
    [InlineData("92233720368.54775808")]
    [InlineData("-79228162514264337593543950335")]
    public void FromDollars_OutOfRange_Throws(string dollars) =>
        Assert.Throws<OverflowException>(() => Money.FromDollars(decimal.Parse(dollars)));

    [Fact]
    public void FromDollars_OfToDollars_IsTheSameAmount() =>
        Gen.Long[-long.MaxValue, long.MaxValue].Select(Money.FromMicrocents)
            .Sample(money => Assert.Equal(money, Money.FromDollars(money.ToDollars())));

    [Theory]
    [InlineData(0, "$0.00")]
    [InlineData(1_100, "$0.000011")]
    [InlineData(1, "$0.00000001")]
    [InlineData(-150_000_000, "-$1.50")]
    [InlineData(123_456_789_000, "$1234.56789")]
    [InlineData(long.MinValue, "-$92233720368.54775808")]
    public void ToString_AnyAmount_IsInDollars(long microcents, string text) =>
        Assert.Equal(text, Money.FromMicrocents(microcents).ToString());

    [Fact]
    public void SumAndDifference_AnyAmounts_AreExactOrThrow() => Gen.Select(Amounts, Amounts).Sample((left, right) =>
    {
        Holds((BigInteger)left.Microcents + right.Microcents, () => left + right);
        Holds((BigInteger)left.Microcents - right.Microcents, () => left - right);
    });

    [Fact]
    public void FromCents_AnyNumber_IsExactOrThrows() =>
        Gen.Long.Sample(cents => Holds((BigInteger)cents * 1_000_000, () => Money.FromCents(cents)));

    [Fact]
    public void Order_AnyAmounts_IsThatOfTheirMicrocents() => Gen.Select(Amounts, Amounts).Sample((left, right) =>
    {
        Assert.Equal(left.Microcents < right.Microcents, left < right);
        Assert.Equal(left.Microcents >= right.Microcents, left >= right);
        Assert.Equal(Math.Sign(left.Microcents.CompareTo(right.Microcents)), Math.Sign(left.CompareTo(right)));
        Assert.Equal(Math.Min(left.Microcents, right.Microcents), Money.Min(left, right).Microcents);
        Assert.Equal(Math.Max(left.Microcents, right.Microcents), Money.Max(left, right).Microcents);
    });

    private static void Holds(BigInteger expected, Func<Money> operation)
    {
        if (expected < long.MinValue || expected > long.MaxValue)
        {
            Assert.Throws<OverflowException>(() => operation());
        }
        else
        {
            Assert.Equal((long)expected, operation().Microcents);
        }
    }
}
