namespace SpendGuard.Pricing.Import;

/// <summary>Rates as a price map states them, in cents per million tokens; null where it says nothing.</summary>
internal sealed record PublishedRates
{
    public decimal? Input { get; init; }

    public decimal? CachedInput { get; init; }

    public decimal? CacheWrite { get; init; }

    public decimal? LongCacheWrite { get; init; }

    public decimal? AudioInput { get; init; }

    /// <summary>Tokens of images taken in. Usage does not tell them from those of text.</summary>
    public decimal? ImageInput { get; init; }

    public decimal? Output { get; init; }

    public decimal? ReasoningOutput { get; init; }

    public decimal? AudioOutput { get; init; }

    /// <summary>Tokens of images given out. Usage does not tell them from those of text.</summary>
    public decimal? ImageOutput { get; init; }

    /// <summary>The most by which an input rate here exceeds the same rate there; null where none is stated in both.</summary>
    public decimal? InputFactorOver(PublishedRates other) => Most(
        Ratio(Input, other.Input), Ratio(CachedInput, other.CachedInput), Ratio(CacheWrite, other.CacheWrite),
        Ratio(LongCacheWrite, other.LongCacheWrite), Ratio(AudioInput, other.AudioInput));

    /// <summary>The most by which an output rate here exceeds the same rate there; null where none is stated in both.</summary>
    public decimal? OutputFactorOver(PublishedRates other) => Most(
        Ratio(Output, other.Output), Ratio(ReasoningOutput, other.ReasoningOutput), Ratio(AudioOutput, other.AudioOutput));

    private static decimal? Ratio(decimal? left, decimal? right) => left > 0 && right > 0 ? left / right : null;

    private static decimal? Most(params ReadOnlySpan<decimal?> ratios)
    {
        decimal? most = null;
        foreach (var ratio in ratios)
        {
            most = most is null || ratio > most ? ratio ?? most : most;
        }

        return most;
    }
}
