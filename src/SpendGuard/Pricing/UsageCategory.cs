using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Pricing;

/// <summary>What a provider can bill for. Categories are disjoint: a unit is counted in exactly one.</summary>
[Experimental(ApiTier.Adapters)]
public enum UsageCategory
{
    /// <summary>Input tokens that were neither read from nor written to a cache, audio excluded.</summary>
    Input,

    /// <summary>Input tokens read from a cache.</summary>
    CachedInput,

    /// <summary>Input tokens written to a cache with the short time to live (minutes).</summary>
    CacheWrite,

    /// <summary>Input tokens written to a cache for an hour or longer.</summary>
    LongCacheWrite,

    /// <summary>Audio input tokens.</summary>
    AudioInput,

    /// <summary>Output tokens, reasoning and audio excluded.</summary>
    Output,

    /// <summary>Output tokens that the model spent on reasoning.</summary>
    ReasoningOutput,

    /// <summary>Audio output tokens.</summary>
    AudioOutput,

    /// <summary>Calls of a hosted web search.</summary>
    WebSearch,

    /// <summary>Calls of a hosted file search.</summary>
    FileSearch,

    /// <summary>Queries that grounded an answer in search results.</summary>
    GroundingQuery,

    /// <summary>Images that were made, where they are billed by the piece.</summary>
    Image,

    /// <summary>Seconds of audio that were listened to, where they are billed by time.</summary>
    AudioSecond,

    /// <summary>Characters that were spoken, where they are billed by length.</summary>
    SpokenCharacter,
}
