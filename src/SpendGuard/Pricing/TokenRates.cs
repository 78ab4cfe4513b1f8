using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Pricing;

/// <summary>What a token costs, by category. A rate that a provider does not state falls back to the one that it is part of.</summary>
[Experimental(ApiTier.Adapters)]
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
    public TokenRates Times(decimal inputFactor, decimal outputFactor) => With(rate => rate.Times(inputFactor), rate => rate.Times(outputFactor));

    /// <summary>These rates where the call has to be served in a region, which multiplies all of them; what has too many decimals is rounded up.</summary>
    internal TokenRates InRegion(decimal factor) => factor == 1 ? this : TimesRoundedUp(factor, factor);

    /// <summary>As <see cref="Times"/>; what has too many decimals is rounded up.</summary>
    internal TokenRates TimesRoundedUp(decimal inputFactor, decimal outputFactor) =>
        With(rate => rate.TimesRoundedUp(inputFactor), rate => rate.TimesRoundedUp(outputFactor));

    /// <summary>
    /// These rates of a tier, with what they are silent on as a card has it, raised as much as the tier raises what it is part of. A cached
    /// token is then an input token: what is not said to be cheaper is not.
    /// </summary>
    internal TokenRates SilentAs(TokenRates card)
    {
        var write = CacheWrite ?? card.CacheWrite?.Raised(card.Input, Input);
        return this with
        {
            CachedInput = CachedInput ?? (card.CachedInput > Input ? card.CachedInput : null),
            CacheWrite = write,
            LongCacheWrite = LongCacheWrite ?? NotBelow(write ?? Input, card.LongCacheWrite?.Raised(card.Input, Input)),
            ReasoningOutput = ReasoningOutput ?? card.ReasoningOutput?.Raised(card.Output, Output),
            AudioInput = AudioInput ?? card.AudioInput?.Raised(card.Input, Input),
            AudioOutput = AudioOutput ?? card.AudioOutput?.Raised(card.Output, Output),
        };
    }

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

    private TokenRates With(Func<Rate, Rate> input, Func<Rate, Rate> output) => new()
    {
        Input = input(Input),
        CachedInput = Map(CachedInput, input),
        CacheWrite = Map(CacheWrite, input),
        LongCacheWrite = Map(LongCacheWrite, input),
        AudioInput = Map(AudioInput, input),
        Output = output(Output),
        ReasoningOutput = Map(ReasoningOutput, output),
        AudioOutput = Map(AudioOutput, output),
    };

    private static Rate? NotBelow(Rate least, Rate? rate) => rate is { } stated ? Rate.Max(stated, least) : null;

    private static Rate? Map(Rate? rate, Func<Rate, Rate> change) => rate is { } stated ? change(stated) : null;
}
