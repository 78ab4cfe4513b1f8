using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Billing;

/// <summary>What a provider counted for one call, in disjoint categories: no unit is counted twice.</summary>
/// <remarks>Providers overlap their counts in different ways; what reads a provider's answer takes the overlaps apart.</remarks>
[Experimental(ApiTier.Adapters)]
public sealed record Usage
{
    /// <summary>Input tokens neither read from nor written to a cache, audio excluded.</summary>
    public long Input { get; init; }

    /// <summary>Input tokens read from a cache.</summary>
    public long CachedInput { get; init; }

    /// <summary>Input tokens written to a short-lived cache.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Input tokens written to a cache for an hour or longer.</summary>
    public long LongCacheWrite { get; init; }

    /// <summary>Audio input tokens.</summary>
    public long AudioInput { get; init; }

    /// <summary>Output tokens, reasoning and audio excluded.</summary>
    public long Output { get; init; }

    /// <summary>Reasoning tokens.</summary>
    public long ReasoningOutput { get; init; }

    /// <summary>Audio output tokens.</summary>
    public long AudioOutput { get; init; }

    /// <summary>Calls of a hosted web search.</summary>
    public long WebSearches { get; init; }

    /// <summary>Calls of a hosted file search.</summary>
    public long FileSearches { get; init; }

    /// <summary>Queries that grounded the answer in search results.</summary>
    public long GroundingQueries { get; init; }

    /// <summary>The runs of a model that the call took, where it took several: each is priced on its own. All of them are in the counts. Empty for one.</summary>
    public ImmutableArray<Iteration> Iterations { get; init; } = [];

    /// <summary>What contradicts itself in the provider's counts, with the figures; null when nothing does. The counts are the dearer reading.</summary>
    public string? Mismatch { get; init; }

    /// <summary>Images that were made, where they are billed by the piece.</summary>
    public long Images { get; init; }

    /// <summary>Seconds of audio that were listened to, where they are billed by time.</summary>
    public long AudioSeconds { get; init; }

    /// <summary>Characters that were spoken, where they are billed by length.</summary>
    public long SpokenCharacters { get; init; }

    /// <summary>All input tokens: what context tiers go by.</summary>
    public long TotalInput => checked(Input + CachedInput + CacheWrite + LongCacheWrite + AudioInput);

    /// <summary>All output tokens.</summary>
    public long TotalOutput => checked(Output + ReasoningOutput + AudioOutput);

    /// <summary>Whether nothing at all was counted. Providers that answer with text and no count have not told what it cost.</summary>
    public bool IsZero => ByCategory().All(count => count.Quantity == 0);

    /// <summary>Every category with its count, zero ones included.</summary>
    public IEnumerable<(UsageCategory Category, long Quantity)> ByCategory()
    {
        yield return (UsageCategory.Input, Input);
        yield return (UsageCategory.CachedInput, CachedInput);
        yield return (UsageCategory.CacheWrite, CacheWrite);
        yield return (UsageCategory.LongCacheWrite, LongCacheWrite);
        yield return (UsageCategory.AudioInput, AudioInput);
        yield return (UsageCategory.Output, Output);
        yield return (UsageCategory.ReasoningOutput, ReasoningOutput);
        yield return (UsageCategory.AudioOutput, AudioOutput);
        yield return (UsageCategory.WebSearch, WebSearches);
        yield return (UsageCategory.FileSearch, FileSearches);
        yield return (UsageCategory.GroundingQuery, GroundingQueries);
        yield return (UsageCategory.Image, Images);
        yield return (UsageCategory.AudioSecond, AudioSeconds);
        yield return (UsageCategory.SpokenCharacter, SpokenCharacters);
    }
}
