using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>A node and its limits.</summary>
/// <param name="Node">The node.</param>
/// <param name="Limits">Its limits, without an agent's total, which is its budget.</param>
[Experimental(ApiTier.Stores)]
public sealed record NodeState(Node Node, IReadOnlyList<LimitState> Limits)
{
    /// <summary>The agent's budget, where nodes are listed and the agent has one.</summary>
    public Budget? Budget { get; init; }
}
