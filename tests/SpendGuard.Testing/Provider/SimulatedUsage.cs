namespace SpendGuard.Testing.Provider;

/// <summary>Token counts of one call. Cached and cache-write tokens are part of the input, reasoning tokens part of the output.</summary>
public sealed record SimulatedUsage(long InputTokens = 0, long OutputTokens = 0)
{
    public long CachedInputTokens { get; init; }
    public long CacheWriteTokens { get; init; }
    public long CacheWriteOneHourTokens { get; init; }
    public long ReasoningTokens { get; init; }

    public long PlainInputTokens => InputTokens - CachedInputTokens - CacheWriteTokens - CacheWriteOneHourTokens;
    public long VisibleOutputTokens => OutputTokens - ReasoningTokens;
}
