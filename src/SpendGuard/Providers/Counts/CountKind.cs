namespace SpendGuard.Providers.Counts;

/// <summary>What a number in a provider's usage says.</summary>
internal enum CountKind
{
    /// <summary>Nothing that is billed beside the other counts: a part of one of them, a time, a speed.</summary>
    NotBilled,

    /// <summary>All input, as its provider understands it.</summary>
    Input,

    /// <summary>All output, as its provider understands it.</summary>
    Output,

    /// <summary>All tokens.</summary>
    Total,

    /// <summary>Input that was read from a cache.</summary>
    CachedInput,

    /// <summary>Input that was read from a cache, by those who leave it out of the input.</summary>
    CachedBeside,

    /// <summary>Input that was not in a cache.</summary>
    UncachedInput,

    /// <summary>Input that was written to a cache, for how long is not said.</summary>
    CacheWrite,

    /// <summary>Input that was written to a cache, for how long is not said, by those who leave it out of the input.</summary>
    CacheWriteBeside,

    /// <summary>Input that was written to a cache for minutes.</summary>
    ShortCacheWrite,

    /// <summary>Input that was written to a cache for an hour or longer.</summary>
    LongCacheWrite,

    /// <summary>Input that was audio.</summary>
    AudioInput,

    /// <summary>Input that is counted beside the input, such as what hosted tools brought in.</summary>
    InputBeside,

    /// <summary>Reasoning.</summary>
    Reasoning,

    /// <summary>Output that was audio.</summary>
    AudioOutput,

    /// <summary>Calls of a hosted web search.</summary>
    WebSearches,

    /// <summary>An amount in dollars.</summary>
    Dollars,

    /// <summary>An amount in ten billionths of a dollar.</summary>
    Ticks,
}
