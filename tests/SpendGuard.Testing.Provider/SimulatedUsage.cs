namespace SpendGuard.Testing.Provider;

/// <summary>
/// Counts of one call. Cached, cache-write, audio and tool-use tokens are part of the input, reasoning and audio tokens part of the output.
/// </summary>
public sealed record SimulatedUsage(long InputTokens = 0, long OutputTokens = 0)
{
    public long CachedInputTokens { get; init; }
    public long CacheWriteTokens { get; init; }
    public long CacheWriteOneHourTokens { get; init; }
    public long AudioInputTokens { get; init; }

    /// <summary>What hosted tools brought in; Gemini counts it apart, and it costs what input does.</summary>
    public long ToolUseTokens { get; init; }

    public long ReasoningTokens { get; init; }
    public long AudioOutputTokens { get; init; }

    /// <summary>Searches of the web: calls of the tool, or queries where those are what is billed.</summary>
    public long Searches { get; init; }

    /// <summary>Images that were made, where those are what is billed.</summary>
    public long Images { get; init; }

    public long PlainInputTokens => InputTokens - CachedInputTokens - CacheWriteTokens - CacheWriteOneHourTokens - AudioInputTokens;
    public long VisibleOutputTokens => OutputTokens - ReasoningTokens;

    /// <summary>What had been generated when this share of the content was out. Reasoning comes before the first word.</summary>
    internal SimulatedUsage UpTo(int sent, int total)
    {
        var visible = total == 0 ? 0 : (long)((decimal)VisibleOutputTokens * sent / total);
        var reasoning = sent > 0 ? ReasoningTokens : 0;
        return this with { ReasoningTokens = reasoning, OutputTokens = reasoning + visible };
    }
}
