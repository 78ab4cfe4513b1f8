namespace SpendGuard.Pricing;

internal static class BundledPrices
{
    public static PriceBook Load() => throw new InvalidOperationException("Not bundled yet.");
}
