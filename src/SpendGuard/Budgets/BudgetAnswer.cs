using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>What came of a command.</summary>
/// <param name="Status">What came of it.</param>
/// <param name="Budget">The budget after it; null when the agent has none.</param>
/// <param name="Reservation">The reservation after it, where the command concerns one that exists.</param>
/// <param name="Sequence">The ledger entry that it made, or 0 when it made none.</param>
[Experimental(ApiTier.Stores)]
public sealed record BudgetAnswer(BudgetStatus Status, Budget? Budget, Reservation? Reservation, long Sequence)
{
    /// <summary>The node after a command that concerns a node itself, or the node that has refused, as it is paused or has the name that was asked for; null when there is none.</summary>
    public Node? Node { get; init; }

    /// <summary>The agent after a command that concerns the agent itself; null when there is none.</summary>
    public Agent? Agent => Node?.ToAgent();

    /// <summary>The account that has refused, as it was; null where the budget has, or nothing.</summary>
    public Account? Account { get; init; }

    /// <summary>
    /// After the end of a reservation, what is left of its agent's budget and of the accounts that it was made in: the least of them. What is
    /// held is not spent yet. Null where nothing limits the agent any more, and after other commands.
    /// </summary>
    public Money? Left { get; init; }

    /// <summary>The request for approval that the refused call has left, or waits for with others; of a command that answers one, that one. Null for none.</summary>
    public ApprovalId? Approval { get; init; }

    /// <summary>
    /// Whether the command has raised an alert, or would have, had the same not been raised before. A store that keeps alerts says so, for who
    /// delivers them.
    /// </summary>
    public bool HasAlerts { get; init; }

    /// <summary>
    /// When a call that was refused fits its agent's budget, its run and all limits, if nothing else is spent; null where it never does, and
    /// after other commands.
    /// </summary>
    internal DateTimeOffset? FitsAt { get; init; }

    /// <summary>After a hold, what its run may cost in all; null where it has no limit of its own.</summary>
    internal Money? RunLimit { get; init; }

    /// <summary>After a change of a budget, what it has added to what is granted, now or when it was sent before; null where that is not known.</summary>
    internal Money? Added { get; init; }

    /// <summary>Whether the command took effect, now or when it was sent before.</summary>
    public bool Succeeded => Status is BudgetStatus.Applied or BudgetStatus.Replayed;
}
