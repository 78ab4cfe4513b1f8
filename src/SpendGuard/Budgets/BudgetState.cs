using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>What a store has found of a command's <see cref="BudgetLookup"/>; null for what is not there or was not asked for.</summary>
[Experimental(ApiTier.Stores)]
public sealed class BudgetState
{
    /// <summary>The nodes, limits and accounts.</summary>
    public TreeState Tree { get; init; } = TreeState.None;

    /// <summary>The budget. A reservation is never without one.</summary>
    public Budget? Budget { get; init; }

    /// <summary>The reservation, whoever it belongs to.</summary>
    public Reservation? Reservation { get; init; }

    /// <summary>The reservation that has the name, whoever it belongs to.</summary>
    public Reservation? Named { get; init; }

    /// <summary>The ledger entry that was made under the idempotency key.</summary>
    public LedgerEntry? Earlier { get; init; }

    /// <summary>The streak of the run.</summary>
    public Streak? Streak { get; init; }

    /// <summary>The request for approval.</summary>
    public Approval? Approval { get; init; }

    /// <summary>
    /// The time by the store's own clock, which tells what has expired, whatever the clocks of callers say; null for a store that has none, which
    /// takes the time of the command. It is read in the transaction.
    /// </summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>The same with the budget as of a time, keeping to its limit.</summary>
    internal BudgetState AsOf(DateTimeOffset now) => Budget is { } budget && budget.AsOf(now) is var within && within != budget
        ? new BudgetState
        {
            Tree = Tree,
            Budget = within,
            Reservation = Reservation,
            Named = Named,
            Earlier = Earlier,
            Streak = Streak,
            Approval = Approval,
            Now = Now,
        }
        : this;
}
