using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>An agent, or a group above agents and other groups.</summary>
public sealed record Node
{
    /// <summary>For stores, which read it from where they keep it.</summary>
    [Experimental(ApiTier.Stores)]
    public Node()
    {
    }

    /// <summary>The id.</summary>
    public required NodeId Id { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What it is.</summary>
    public required NodeKind Kind { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>A name for people; need not be unique.</summary>
    public string? Name { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The group that it is under; null where it is under none.</summary>
    public NodeId? Parent { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Why no call is made under it; null where calls are.</summary>
    public Pause? Pause { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>
    /// At how many identical calls in a row of a run its agent is paused; the last of them is refused. Null where the nearest group above says,
    /// or nobody.
    /// </summary>
    public int? IdenticalCalls { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>When it was deleted; null while it was not. Its ledger stays, and its id is not given out again.</summary>
    public DateTimeOffset? DeletedAt { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The agent that it is; null where it is a group.</summary>
    public Agent? ToAgent() => Kind == NodeKind.Agent
        ? new Agent { Id = new AgentId(Id.Value), Name = Name, Parent = Parent, Pause = Pause, CreatedAt = CreatedAt, DeletedAt = DeletedAt }
        : null;
}
