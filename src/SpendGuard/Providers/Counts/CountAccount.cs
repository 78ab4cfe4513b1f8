using SpendGuard.Billing;
using static SpendGuard.Providers.Counts.CountKind;

namespace SpendGuard.Providers.Counts;

/// <summary>Makes an account of the counts that were told: what is part of what, and whether it is all.</summary>
internal sealed class CountAccount
{
    private readonly ToldCounts _told;
    private readonly CountRules _rules;
    private readonly CachePlace _cache;
    private readonly long _cached;
    private string? _contradiction;

    private CountAccount(ToldCounts told, CountRules rules)
    {
        (_told, _rules) = (told, rules);
        (_cached, _cache) = Cached();
    }

    public static ProviderReport Of(ToldCounts told, CountRules rules) => new CountAccount(told, rules).Report();

    private ProviderReport Report()
    {
        var usage = _rules.InputOnly ? OverlappingCounts.OfInput(_told[Input], _told[Total]) : Overlapping().ToUsage();
        var least = Money.Max(_told.Dollars ?? Money.Zero, _told.Ticks ?? Money.Zero);
        return new ProviderReport
        {
            Usage = IsAnyTold ? usage is null ? null : usage with { WebSearches = _told[WebSearches] ?? 0, Mismatch = usage.Mismatch ?? _contradiction } : null,
            LeastCost = least > Money.Zero ? least : null,
            Incomplete = Missing(usage, isStated: least > Money.Zero),
        };
    }

    private bool IsAnyTold => Array.Exists(Enum.GetValues<CountKind>(), kind => _told[kind] is not null);

    private OverlappingCounts Overlapping()
    {
        var (written, writtenLong) = Written();
        var counts = new OverlappingCounts
        {
            Input = AllInput(),
            Output = 0,
            CachedInput = _cached,
            CacheWrite = written,
            LongCacheWrite = writtenLong,
            AudioInput = _told[AudioInput] ?? 0,
            InputBeside = _told[InputBeside] ?? 0,
            ReasoningOutput = _told[Reasoning] ?? ReasoningByTotal(),
            AudioOutput = _told[AudioOutput] ?? 0,
            Total = _told[Total],
            Reasoning = _rules.Reasoning,
            Cache = _cache,
        };

        // Where zero is left out, only the total tells that there was no output.
        return counts with
        {
            Output = _told[Output] ?? Math.Max(0, (counts.Total ?? 0) - counts.Input - counts.InputBeside
                - (_rules.Reasoning == ReasoningPlace.Within ? 0 : counts.ReasoningOutput)),
        };
    }

    /// <summary>Some leave it out of the output, and only the total has it.</summary>
    private long ReasoningByTotal() => _rules.ReasoningByTotal && _told[Total] is { } total && _told[Output] is { } output
        ? Math.Max(0, total - AllInput() - output - (_told[InputBeside] ?? 0))
        : 0;

    /// <summary>What was read from a cache, by whichever name it is told, and whether that is within the input.</summary>
    private (long Count, CachePlace Place) Cached()
    {
        if (_told[CachedInput] is not { } within)
        {
            // Those who use these names leave it out of the input, and often out of the total.
            var isBeside = _told[CachedBeside] is not null || (_told[CacheWriteBeside] is not null && _told[CacheWrite] is null);
            return (_told[CachedBeside] ?? 0, isBeside ? CachePlace.OnlyBeside : _rules.Cache);
        }

        if (_told[CachedBeside] is { } beside && beside != within)
        {
            _contradiction ??= $"{within} tokens were read from a cache, and by another count {beside}";
            return (Math.Max(within, beside), CachePlace.OnlyBeside);
        }

        return (within, _rules.Cache);
    }

    /// <summary>What was written to a cache for minutes, and what for longer. Of the rest it is not told: the dearest that was asked for.</summary>
    private (long Written, long WrittenLong) Written()
    {
        var (ofMinutes, ofHours) = (_told[ShortCacheWrite] ?? 0, _told[LongCacheWrite] ?? 0);
        var all = _told[CacheWrite] is { } within ? Math.Max(within, _told[CacheWriteBeside] ?? 0) : _told[CacheWriteBeside];
        var unknown = Math.Max(0, (all ?? 0) - ofMinutes - ofHours);
        if (ofMinutes + ofHours > all)
        {
            _contradiction ??= $"{all} tokens were written to a cache, of them {ofMinutes} for five minutes and {ofHours} for an hour";
        }

        return _rules.LongCacheWrites ? (ofMinutes, ofHours + unknown) : (ofMinutes + unknown, ofHours);
    }

    /// <summary>The input as the provider understands it. Where it is not told, what the total leaves for it.</summary>
    private long AllInput()
    {
        var told = _told[Input];
        if (_told[UncachedInput] is not { } missed)
        {
            return told ?? Math.Max(0, (_told[Total] ?? 0) - (_told[Output] ?? 0) - (_told[InputBeside] ?? 0));
        }

        if (told != missed + _cached)
        {
            _contradiction ??= told is null ? null : $"{told} input tokens are not {_cached} from a cache and {missed} others";
        }

        return Math.Max(told ?? 0, missed + _cached);
    }

    /// <summary>Why the counts may be of less than is billed; null when they are of all.</summary>
    private string? Missing(Usage? usage, bool isStated)
    {
        var tellsInput = _told[Input] is not null || _told[UncachedInput] is not null || (_rules.InputOnly && _told[Total] is not null);
        return _told.Unreadable is { } unreadable ? $"'{unreadable}' in the provider's usage cannot be read"

            // What is stated covers what it counts besides.
            : _told.NotUnderstood is { } name && !isStated ? $"'{name}' in the provider's usage is not understood"
            : !tellsInput ? "the provider did not tell the input"
            : usage is null ? "the provider's counts are beyond reason"
            : !_rules.InputOnly && _told[Output] is null && !(_told[Total] >= usage.TotalInput) ? "the provider did not tell the output"
            : _rules.AlwaysTellsTotal && _told[Total] is null ? "the provider did not tell the total, as it always does"
            : usage.TotalInput == 0 ? "the provider counted no input"
            : _rules.HasOutput && usage.TotalOutput == 0 ? "the provider counted no output, and there was some"
            : null;
    }
}
