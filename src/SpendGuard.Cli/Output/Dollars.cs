using System.Globalization;

namespace SpendGuard.Cli.Output;

/// <summary>Amounts as people read them.</summary>
internal static class Dollars
{
    public static string OfCents(long? cents) => cents is { } known ? $"{Sign(known)}${decimal.Abs(known) / 100m:N2}" : "";

    /// <summary>All the decimals that an amount has, but not fewer than two.</summary>
    public static string OfMicrocents(long? microcents) => microcents is { } known ? Money.FromMicrocents(known).ToString() : "";

    /// <summary>The same, with thousands told apart.</summary>
    public static string Of(Money amount) => (amount < Money.Zero ? "-$" : "$") + decimal.Abs(amount.ToDollars()).ToString("#,##0.00######", CultureInfo.InvariantCulture);

    /// <summary>As much of an amount as one reads at a glance: to the cent from a dollar on, to a hundredth of one below.</summary>
    public static string AtAGlance(long microcents)
    {
        var dollars = decimal.Abs(Money.FromMicrocents(microcents).ToDollars());
        var text = dollars switch
        {
            0 => "$0",
            < 0.0001m => "<$0.0001",
            < 1 => string.Create(CultureInfo.InvariantCulture, $"${dollars:0.0000}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"${dollars:N2}"),
        };
        return Sign(microcents) + text;
    }

    private static string Sign(long amount) => amount < 0 ? "-" : "";
}
