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
    public decimal? AudioInput { get; init; }
    public decimal? AudioOutput { get; init; }

    /// <summary>What a search costs, in microcents.</summary>
    public decimal Search { get; init; }

    /// <summary>What an image costs, in microcents, where images are billed by the piece and tokens are not.</summary>
    public decimal? Image { get; init; }

    /// <summary>What tiers multiply the price of tokens by, by the name under which the answer has them.</summary>
    public IReadOnlyDictionary<string, decimal> Tiers { get; init; } = new Dictionary<string, decimal>();

    /// <summary>What the model takes in at most.</summary>
    public long MaxInputTokens { get; init; } = long.MaxValue;

    /// <summary>What a call generates at most when it names no cap.</summary>
    public long MaxOutputTokens { get; init; } = 16_384;

    /// <summary>Whether it reasons, where that is billed beyond the output cap.</summary>
    public bool Reasons { get; init; } = true;

    /// <summary>From this many input tokens on, <see cref="LongContext"/> prices the whole call.</summary>
    public long LongContextFrom { get; init; } = long.MaxValue;

    public ProviderPrice? LongContext { get; init; }

    /// <summary>What a batch multiplies the price of tokens by. What is no token costs the same.</summary>
    public decimal BatchFactor { get; init; } = 0.5m;

    /// <summary>The same for a request of a batch.</summary>
    public long ChargeInBatch(SimulatedUsage usage, params IEnumerable<string> tiers) => Charge(usage, BatchFactor, tiers);

    /// <summary>The charge in microcents, rounded up once.</summary>
    /// <param name="usage">What was counted.</param>
    /// <param name="tiers">The tiers that the call was served at, whose factors multiply each other.</param>
    public long Charge(SimulatedUsage usage, params IEnumerable<string> tiers) => Charge(usage, 1, tiers);

    private long Charge(SimulatedUsage usage, decimal batchFactor, IEnumerable<string> tiers)
    {
        ArgumentNullException.ThrowIfNull(usage);
        var rates = LongContext is { } dearer && usage.InputTokens >= LongContextFrom ? dearer : this;
        var factor = tiers.Aggregate(batchFactor, (product, tier) => product * Tiers[tier]);
        return decimal.ToInt64(decimal.Ceiling((factor * rates.Tokens(usage)) + (usage.Searches * Search) + (usage.Images * (Image ?? 0))));
    }

    private decimal Tokens(SimulatedUsage usage) =>
        (usage.PlainInputTokens * Input)
        + (usage.CachedInputTokens * (CachedInput ?? Input))
        + (usage.CacheWriteTokens * (CacheWrite ?? Input))
        + (usage.CacheWriteOneHourTokens * (CacheWriteOneHour ?? CacheWrite ?? Input))
        + (usage.AudioInputTokens * (AudioInput ?? Input))
        + ((usage.VisibleOutputTokens - usage.AudioOutputTokens) * Output)
        + (usage.AudioOutputTokens * (AudioOutput ?? Output))
        + (usage.ReasoningTokens * (Reasoning ?? Output));
}
