using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>What a command concerns: all that a store has to look up for it before <see cref="BudgetRules.Decide"/>.</summary>
[Experimental(ApiTier.Stores)]
public sealed class BudgetLookup
{
    internal BudgetLookup()
    {
    }

    /// <summary>The node itself, which the command may change; null when it does not concern the node itself.</summary>
    public NodeId? Node { get; init; }

    /// <summary>The node whose way to the root is concerned, with all limits on it; null for none.</summary>
    public NodeId? PathOf { get; init; }

    /// <summary>The group that <see cref="Node"/> is to be under, and its way to the root; null for none.</summary>
    public NodeId? Under { get; init; }

    /// <summary>The name that <see cref="Node"/> is to have alone: another node that is in its way is looked for. Null where none is.</summary>
    public NameClaim? Claim { get; init; }

    /// <summary>Whether what is below <see cref="Node"/> is concerned.</summary>
    public bool Below { get; init; }

    /// <summary>
    /// The window's name of a limit that is set on <see cref="Node"/>. Should the limit have been removed before, its last account goes on
    /// (<see cref="TreeState.LastAccount"/>). Null for none.
    /// </summary>
    public string? Window { get; init; }

    /// <summary>The account of a run's own limit, which may be there; null for none.</summary>
    public AccountKey? RunAccount { get; init; }

    /// <summary>The run's streak, which may be there; null for none.</summary>
    public StreakKey? Streak { get; init; }

    /// <summary>The request for approval; null for none.</summary>
    public ApprovalId? Approval { get; init; }

    /// <summary>Whose budget is concerned; null when it is that of the agent whom the <see cref="Reservation"/> belongs to.</summary>
    public AgentId? BudgetOf { get; init; }

    /// <summary>The reservation, and where <see cref="BudgetOf"/> is null the accounts that it was made in; null for none.</summary>
    public ReservationId? Reservation { get; init; }

    /// <summary>The name that a reservation may have already; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>The key under which <see cref="BudgetOf"/> may have a ledger entry already; null for none.</summary>
    public string? IdempotencyKey { get; init; }
}
