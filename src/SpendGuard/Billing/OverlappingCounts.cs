using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Billing;

/// <summary>Counts as providers tell them, in which some are part of others. <see cref="ToUsage"/> takes them apart.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record OverlappingCounts
{
    /// <summary>Far beyond any real count, and small enough that sums of counts do not overflow.</summary>
    internal const long MostTokens = 1L << 48;

    /// <summary>All input tokens but those of <see cref="InputBeside"/>.</summary>
    public required long Input { get; init; }

    /// <summary>Those of the input that were read from a cache.</summary>
    public long CachedInput { get; init; }

    /// <summary>Those of the input that were written to a short-lived cache.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Those of the input that were written to a cache for an hour or longer.</summary>
    public long LongCacheWrite { get; init; }

    /// <summary>Those of the input that were audio.</summary>
    public long AudioInput { get; init; }

    /// <summary>Input tokens beside the input, such as what hosted tools brought in.</summary>
    public long InputBeside { get; init; }

    /// <summary>Output tokens; whether reasoning is part of them, <see cref="Reasoning"/> says.</summary>
    public required long Output { get; init; }

    /// <summary>Reasoning tokens.</summary>
    public long ReasoningOutput { get; init; }

    /// <summary>Those of the output that were audio.</summary>
    public long AudioOutput { get; init; }

    /// <summary>All tokens; null where no total is told.</summary>
    public long? Total { get; init; }

    /// <summary>Whether reasoning is part of the output.</summary>
    public ReasoningPlace Reasoning { get; init; }

    /// <summary>Whether what was read from a cache or written to one is part of the input.</summary>
    public CachePlace Cache { get; init; }

    private long OfCache => CachedInput + CacheWrite + LongCacheWrite;

    private bool CacheCanBeWithin => AudioInput + OfCache <= Input;

    private bool InputFits => Cache == CachePlace.Within ? CacheCanBeWithin : AudioInput <= Input;

    private bool ReasoningFits => ReasoningOutput + AudioOutput <= Output;

    /// <summary>The counts in disjoint categories. Where they contradict each other, the dearer reading is taken, and <see cref="Usage.Mismatch"/> says so.</summary>
    /// <returns>The usage; null when a count is negative or beyond reason: the cost is unknown then.</returns>
    public Usage? ToUsage()
    {
        if (AnyOutOfRange([Input, CachedInput, CacheWrite, LongCacheWrite, AudioInput, InputBeside, Output, ReasoningOutput, AudioOutput, Total ?? 0]))
        {
            return null;
        }

        var (cacheBeside, output, addsUp) = Reading();
        var plain = Input - AudioInput - (cacheBeside ? 0 : OfCache);
        return new Usage
        {
            // What is more than the whole can only be beside it.
            Input = (plain >= 0 ? plain : Input) + InputBeside,
            CachedInput = CachedInput,
            CacheWrite = CacheWrite,
            LongCacheWrite = LongCacheWrite,
            AudioInput = AudioInput,
            Output = output - ReasoningOutput - AudioOutput,
            ReasoningOutput = ReasoningOutput,
            AudioOutput = AudioOutput,
            Mismatch = addsUp ? null
                : !InputFits ? $"of {Input} input tokens, {CachedInput} are cached, {CacheWrite + LongCacheWrite} written to a cache and {AudioInput} audio"
                : $"{Input} input tokens{(InputBeside > 0 ? $", {InputBeside} of tools" : "")} and {Output} output tokens ({ReasoningOutput} reasoning, {AudioOutput} audio) do not come to a total of {Total}",
        };
    }

    /// <summary>The usage of a call that has input only, such as an embedding: the total is the input. Where they differ, the dearer is taken.</summary>
    /// <param name="input">The input; null where it is not told.</param>
    /// <param name="total">The total; null where none is told.</param>
    /// <returns>The usage; null when neither is told, or one is negative or beyond reason: the cost is unknown then.</returns>
    public static Usage? OfInput(long? input, long? total) =>
        (input ?? total) is not { } counted || AnyOutOfRange([counted, total ?? 0])
            ? null
            : new Usage
            {
                Input = Math.Max(counted, total ?? 0),
                Mismatch = (total ?? counted) == counted ? null : $"{counted} input tokens do not come to a total of {total}",
            };

    private static bool AnyOutOfRange(ReadOnlySpan<long> counts) => counts.IndexOfAnyExceptInRange(0, MostTokens) >= 0;

    /// <summary>Where the cache is, and all output, as the total tells; or else as the provider counts, or by the dearest reading that the counts allow.</summary>
    private (bool CacheBeside, long Output, bool AddsUp) Reading()
    {
        (long OfTotal, bool CacheBeside)[] inputs = InputReadings();
        foreach (var (ofTotal, cacheBeside) in inputs)
        {
            if (Total - ofTotal - InputBeside is { } left && IsOutput(left))
            {
                return (cacheBeside, Math.Max(left, ReasoningOutput + AudioOutput), AddsUp: ReasoningOutput + AudioOutput <= left && AudioInput <= Input);
            }
        }

        var isWithin = ReasoningFits && Reasoning == ReasoningPlace.Within;
        var output = isWithin ? Output : Output + ReasoningOutput + (AudioOutput <= Output ? 0 : AudioOutput);
        return (
            inputs[0].CacheBeside,
            Math.Max(output, Total - inputs[0].OfTotal - InputBeside ?? 0),
            AddsUp: Total is null && InputFits && (isWithin || (Reasoning != ReasoningPlace.Within && AudioOutput <= Output)));
    }

    /// <summary>How much of the total the input may be, the likeliest first, and whether the cache is beside it then.</summary>
    private (long OfTotal, bool CacheBeside)[] InputReadings() => Cache switch
    {
        CachePlace.Within when CacheCanBeWithin => [(Input, false), (Input + OfCache, true)],
        CachePlace.Beside when CacheCanBeWithin => [(Input + OfCache, true), (Input, false)],

        // Some leave it out of the total too.
        CachePlace.OnlyBeside => [(Input + OfCache, true), (Input, true)],
        _ => [(Input + OfCache, true)],
    };

    private bool IsOutput(long left) =>
        left == Output + ReasoningOutput || (left == Output && ReasoningFits && Reasoning != ReasoningPlace.OnlyBeside);
}
