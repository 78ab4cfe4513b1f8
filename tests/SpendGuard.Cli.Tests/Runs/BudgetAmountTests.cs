using SpendGuard.Cli.Numbers;

namespace SpendGuard.Cli.Tests.Runs;

public sealed class BudgetAmountTests
{
    [Theory]
    [InlineData("5", 500_000_000)]
    [InlineData("$5", 500_000_000)]
    [InlineData("5usd", 500_000_000)]
    [InlineData("5.00 USD", 500_000_000)]
    [InlineData("0.05", 5_000_000)]
    [InlineData(".05", 5_000_000)]
    [InlineData("0.1", 10_000_000)]
    [InlineData("0.00000001", 1)]
    [InlineData("92233720368.54775807", long.MaxValue)]
    [InlineData("50c", 50_000_000)]
    [InlineData("0.5 cents", 500_000)]
    [InlineData("0.000001¢", 1)]
    public void Dollars_AreReadExactly(string text, long microcents)
    {
        Assert.True(BudgetAmount.TryParse(text, out var amount));
        Assert.Equal(microcents, amount.Microcents);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("five")]
    [InlineData("1,000")]
    [InlineData("1e3")]
    [InlineData("5€")]
    [InlineData("$$5")]
    [InlineData("$5usd")]
    [InlineData("0.000000001")]
    [InlineData("0.0000001c")]
    [InlineData("c")]
    [InlineData("usd")]
    [InlineData("1.0000000000000000000000000000001")]
    [InlineData("99999999999999999999999999999999999")]
    public void WhatIsNoAmount_IsRefused(string text) => Assert.False(BudgetAmount.TryParse(text, out _));

    /// <summary>Where a bare figure is cents, it is whole; with its unit an amount is what it is anywhere.</summary>
    [Theory]
    [InlineData("500", 500_000_000L)]
    [InlineData("0", 0L)]
    [InlineData("$5", 500_000_000L)]
    [InlineData("5.50usd", 550_000_000L)]
    [InlineData("0.5c", 500_000L)]
    [InlineData("5.50", null)]
    [InlineData("-5", null)]
    [InlineData("+5", null)]
    public void Cents_AreWholeWithoutAUnit(string text, long? microcents) =>
        Assert.Equal(microcents, BudgetAmount.TryParse(text, bareIsCents: true, out var amount) ? amount.Microcents : null);
}
