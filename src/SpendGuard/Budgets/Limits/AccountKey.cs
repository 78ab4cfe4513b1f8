using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>Names an account.</summary>
/// <param name="Node">The node.</param>
/// <param name="Limit">The name of the limit's window; or of a run of the node's, after <c>run:</c>.</param>
/// <param name="Number">The how-manieth window of the limit it is, from 1.</param>
[Experimental(ApiTier.Stores)]
public readonly record struct AccountKey(NodeId Node, string Limit, int Number);
