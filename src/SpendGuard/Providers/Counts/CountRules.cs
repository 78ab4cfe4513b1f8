using System.Diagnostics.CodeAnalysis;
using SpendGuard.Billing;

namespace SpendGuard.Providers.Counts;

/// <summary>How a provider counts: which counts are part of others, and which it always tells.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record CountRules
{
    /// <summary>Whether reasoning is part of the output.</summary>
    public ReasoningPlace Reasoning { get; init; }

    /// <summary>Whether reasoning that has no count of its own is what the total has beyond the others.</summary>
    public bool ReasoningByTotal { get; init; }

    /// <summary>Whether what was read from a cache or written to one is part of the input.</summary>
    public CachePlace Cache { get; init; }

    /// <summary>Whether the total is always told: without it, counts may be hidden.</summary>
    public bool AlwaysTellsTotal { get; init; }

    /// <summary>Whether the call asked for a cache of an hour: what is not said to be short-lived counts as that.</summary>
    public bool LongCacheWrites { get; init; }

    /// <summary>Whether the call has input only, such as an embedding.</summary>
    public bool InputOnly { get; init; }

    /// <summary>Whether the answer is known to have something in it: output of zero is then not what it took.</summary>
    public bool HasOutput { get; init; }
}
