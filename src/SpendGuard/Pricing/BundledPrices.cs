namespace SpendGuard.Pricing;

/// <summary>The prices that ship inside the assembly.</summary>
internal static class BundledPrices
{
    private const string Resource = "SpendGuard.Pricing.prices.json";

    public static PriceBook Load()
    {
        using var json = typeof(BundledPrices).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        return PriceBookReader.Read(json, "the SpendGuard package");
    }
}
