namespace SpendGuard.Pricing.Bundled;

/// <summary>The prices that ship inside the assembly.</summary>
internal static class BundledPrices
{
    /// <summary>Where the book says that it is from.</summary>
    public const string Source = "the SpendGuard package";

    private const string Resource = "SpendGuard.Pricing.prices.json";
    private static readonly Lazy<PriceBook> Read = new(ReadResource);

    /// <summary>The same book each time: it cannot change, and reading it is most of what a short-lived engine would take.</summary>
    public static PriceBook Load() => Read.Value;

    private static PriceBook ReadResource()
    {
        using var json = typeof(BundledPrices).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        return PriceBookReader.Read(json, Source);
    }
}
