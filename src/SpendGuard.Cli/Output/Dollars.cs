namespace SpendGuard.Cli.Output;

/// <summary>Amounts as people read them.</summary>
internal static class Dollars
{
    public static string OfCents(long? cents) => cents is { } known ? $"{Sign(known)}${decimal.Abs(known) / 100m:N2}" : "";

    /// <summary>All the decimals that an amount has, but not fewer than two.</summary>
    public static string OfMicrocents(long? microcents) => microcents is { } known ? Money.FromMicrocents(known).ToString() : "";

    private static string Sign(long amount) => amount < 0 ? "-" : "";
}
