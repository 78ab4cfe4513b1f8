using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>An isolated budget domain.</summary>
public sealed record Agent
{
    /// <summary>For stores, which read it from where they keep it.</summary>
    [Experimental(ApiTier.Stores)]
    public Agent()
    {
    }

    /// <summary>The id; opaque.</summary>
    public required AgentId Id { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>A name for people; need not be unique.</summary>
    public string? Name { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The group that it is under; null where it is under none.</summary>
    [Experimental(ApiTier.Adapters)]
    public NodeId? Parent { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Why it makes no calls; null where it does, unless a group above it is paused.</summary>
    [Experimental(ApiTier.Adapters)]
    public Pause? Pause { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>When it was deleted; null while it was not. Its ledger stays, and its id is not given out again.</summary>
    public DateTimeOffset? DeletedAt { get; [Experimental(ApiTier.Stores)] init; }
}
