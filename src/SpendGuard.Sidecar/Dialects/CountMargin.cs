namespace SpendGuard.Sidecar.Dialects;

/// <summary>Makes a bound of a count. Providers call their counts estimates, and bill templates that they may not count.</summary>
internal static class CountMargin
{
    private const int PerCall = 64;
    private const int Tools = 1_024;

    /// <summary>The most that may be billed where the provider has counted so much: a tenth more, and what templates add.</summary>
    /// <exception cref="OverflowException">The count is out of range.</exception>
    public static long Over(long count, bool hasTools) =>
        checked(count + (count + 9) / 10 + PerCall + (hasTools ? Tools : 0));
}
