using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>What a store has found of the nodes, limits and accounts in a command's <see cref="BudgetLookup"/>; nothing for what is not there or was not asked for.</summary>
[Experimental(ApiTier.Stores)]
public sealed class TreeState
{
    /// <summary>Nothing.</summary>
    public static TreeState None { get; } = new();

    /// <summary>The node.</summary>
    public Node? Node { get; init; }

    /// <summary>Another node that has the name of <see cref="BudgetLookup.Claim"/> already (<see cref="NameClaim.IsTakenBy"/>); the first by id where several do.</summary>
    public Node? Namesake { get; init; }

    /// <summary>The nodes on the way from <see cref="BudgetLookup.PathOf"/> to the root, that one first; none where there is no such node.</summary>
    public IReadOnlyList<NodeState> Path { get; init; } = [];

    /// <summary>The groups on the way from <see cref="BudgetLookup.Under"/> to the root, that one first; none where there is no such group, or it was deleted.</summary>
    public IReadOnlyList<Node> Under { get; init; } = [];

    /// <summary>What is below the node; null where that was not asked for.</summary>
    public Subtree? Below { get; init; }

    /// <summary>The last account of the limit named by <see cref="BudgetLookup.Window"/>, whether that is in force or was removed.</summary>
    public Account? LastAccount { get; init; }

    /// <summary>The account of the run's own limit.</summary>
    public Account? RunAccount { get; init; }

    /// <summary>The accounts that the reservation was made in, where it is to be ended.</summary>
    public IReadOnlyList<Account> Accounts { get; init; } = [];
}
