using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>A limit of a node that is set or removed.</summary>
/// <param name="Node">The node.</param>
/// <param name="Limit">The limit, which takes the place of the one of its window's name.</param>
/// <param name="IsRemoved">Whether it is removed. Its accounts stay.</param>
[Experimental(ApiTier.Stores)]
public sealed record LimitChange(NodeId Node, Limit Limit, bool IsRemoved = false);
