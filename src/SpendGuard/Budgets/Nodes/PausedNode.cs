using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>A node that is paused, and so all below it.</summary>
/// <param name="Node">The node: an agent itself, or a group above it.</param>
/// <param name="Pause">Who has paused it, why, and when.</param>
[Experimental(ApiTier.Stores)]
public sealed record PausedNode(NodeId Node, Pause Pause);
