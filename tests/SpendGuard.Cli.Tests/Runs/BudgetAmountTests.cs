using SpendGuard.Cli.Runs;

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
    [InlineData("99999999999999999999999999999999999")]
    public void WhatIsNoAmount_IsRefused(string text) => Assert.False(BudgetAmount.TryParse(text, out _));
}
