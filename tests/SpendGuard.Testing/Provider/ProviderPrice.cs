namespace SpendGuard.Testing.Provider;

/// <summary>
/// One model's prices in cents per million tokens, which are microcents per token.
/// A kind of token without a price of its own costs what plain input or plain output does.
/// </summary>
public sealed record ProviderPrice(string Model, decimal Input, decimal Output)
{
    public decimal? CachedInput { get; init; }
    public decimal? CacheWrite { get; init; }
    public decimal? CacheWriteOneHour { get; init; }
    public decimal? Reasoning { get; init; }

    /// <summary>What a call generates at most when it names no cap.</summary>
    public long MaxOutputTokens { get; init; } = 16_384;

    /// <summary>From this many input tokens on, <see cref="LongContext"/> prices the whole call.</summary>
    public long LongContextFrom { get; init; } = long.MaxValue;

    public ProviderPrice? LongContext { get; init; }

    /// <summary>The charge in microcents, rounded up once.</summary>
    public long Charge(SimulatedUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        if (LongContext is { } dearer && usage.InputTokens >= LongContextFrom)
        {
            return dearer.Charge(usage);
        }

        var exact = (usage.PlainInputTokens * Input)
            + (usage.CachedInputTokens * (CachedInput ?? Input))
            + (usage.CacheWriteTokens * (CacheWrite ?? Input))
            + (usage.CacheWriteOneHourTokens * (CacheWriteOneHour ?? CacheWrite ?? Input))
            + (usage.VisibleOutputTokens * Output)
            + (usage.ReasoningTokens * (Reasoning ?? Output));
        return decimal.ToInt64(decimal.Ceiling(exact));
    }
}
