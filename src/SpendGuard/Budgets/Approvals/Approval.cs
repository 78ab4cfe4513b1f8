using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>A request for more, left by a call that found a limit full which asks; and what became of it.</summary>
/// <remarks>An account has one at a time: whatever is refused while it waits for an answer waits for the same.</remarks>
public sealed record Approval
{
    /// <summary>For stores, which read it from where they keep it.</summary>
    [Experimental(ApiTier.Stores)]
    public Approval()
    {
    }

    /// <summary>The id.</summary>
    public required ApprovalId Id { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The agent whose call was refused.</summary>
    public required AgentId Agent { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The node whose limit is full: the agent itself, or a group above it.</summary>
    public required NodeId Node { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The name of the limit's window, such as <c>month</c>; <c>total</c> for an agent's budget.</summary>
    public required string Limit { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The how-manieth window of the limit it was refused in, from 1; 0 for an agent's budget.</summary>
    [Experimental(ApiTier.Stores)]
    public required int Number { get; init; }

    /// <summary>What was missing for the call, with all that calls in flight held come back.</summary>
    public required Money Need { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The run that the call belongs to.</summary>
    public RunId? Run { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What was called, as <c>provider:model</c>.</summary>
    public string? Model { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset AskedAt { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>How far it is.</summary>
    public ApprovalState State { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>When it was answered; null before.</summary>
    public DateTimeOffset? DecidedAt { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Who has answered it, such as the name of a key; null before, and where that is not known.</summary>
    public string? By { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Why, as it was given; null where no reason was.</summary>
    public string? Reason { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What was added to the limit; nothing unless it was approved.</summary>
    public Money Added { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>When what was added is taken back again; null where that is when the limit is set anew, and unless it was approved.</summary>
    public DateTimeOffset? Until { get; [Experimental(ApiTier.Stores)] init; }
}
