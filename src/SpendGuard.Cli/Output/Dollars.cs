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

    private static string Sign(long amount) => amount < 0 ? "-" : "";
}
