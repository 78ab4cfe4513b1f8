using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>What is below a node and was not deleted.</summary>
/// <param name="GroupLevels">How many levels of groups; 0 where there are none.</param>
/// <param name="HasChildren">Whether anything is, be it an agent or a group.</param>
[Experimental(ApiTier.Stores)]
public readonly record struct Subtree(int GroupLevels, bool HasChildren);
