namespace SpendGuard.Pricing;

/// <summary>What a token costs, by category. A rate that a provider does not state falls back to the one that it is part of.</summary>
public sealed record TokenRates
{
    /// <summary>An input token, in microcents.</summary>
    public required Rate Input { get; init; }

    /// <summary>An output token, in microcents.</summary>
    public required Rate Output { get; init; }

    /// <summary>An input token read from a cache; <see cref="Input"/> when not stated.</summary>
    public Rate? CachedInput { get; init; }

    /// <summary>An input token written to a short-lived cache; <see cref="Input"/> when not stated.</summary>
    public Rate? CacheWrite { get; init; }

    /// <summary>An input token written to a long-lived cache; <see cref="CacheWrite"/> when not stated.</summary>
    public Rate? LongCacheWrite { get; init; }

    /// <summary>A reasoning token; <see cref="Output"/> when not stated.</summary>
    public Rate? ReasoningOutput { get; init; }

    /// <summary>An audio input token; audio input has no bound when not stated.</summary>
    public Rate? AudioInput { get; init; }

    /// <summary>An audio output token; audio output has no bound when not stated.</summary>
    public Rate? AudioOutput { get; init; }

    /// <summary>These rates with every input rate and every output rate multiplied by a factor.</summary>
    public TokenRates Times(decimal inputFactor, decimal outputFactor) => new()
    {
        Input = Input.Times(inputFactor),
        CachedInput = CachedInput?.Times(inputFactor),
        CacheWrite = CacheWrite?.Times(inputFactor),
        LongCacheWrite = LongCacheWrite?.Times(inputFactor),
        AudioInput = AudioInput?.Times(inputFactor),
        Output = Output.Times(outputFactor),
        ReasoningOutput = ReasoningOutput?.Times(outputFactor),
        AudioOutput = AudioOutput?.Times(outputFactor),
    };

    /// <summary>The rate of a category of tokens, or null when it has no price.</summary>
    internal Rate? Of(UsageCategory category) => category switch
    {
        UsageCategory.Input => Input,
        UsageCategory.CachedInput => CachedInput ?? Input,
        UsageCategory.CacheWrite => CacheWrite ?? Input,
        UsageCategory.LongCacheWrite => LongCacheWrite ?? CacheWrite ?? Input,
        UsageCategory.AudioInput => AudioInput,
        UsageCategory.Output => Output,
        UsageCategory.ReasoningOutput => ReasoningOutput ?? Output,
        UsageCategory.AudioOutput => AudioOutput,
        _ => null,
    };
}
