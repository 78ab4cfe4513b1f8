using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>What a command makes of the state it met. Whatever is not null has to be stored, all of it or nothing.</summary>
[Experimental(ApiTier.Stores)]
public sealed class Transition
{
    private readonly BudgetState _before;

    /// <summary>The refusal of a name that another node has.</summary>
    internal static Transition NameTaken(BudgetState before) => new(before, BudgetStatus.NameTaken) { InTheWay = before.Tree.Namesake };

    internal Transition(BudgetState before, BudgetStatus status)
    {
        _before = before;
        Status = status;
    }

    /// <summary>What came of the command.</summary>
    public BudgetStatus Status { get; }

    /// <summary>The new or changed node; null when it stays as it is.</summary>
    public Node? Node { get; init; }

    /// <summary>The limit that is set or removed; null for none.</summary>
    public LimitChange? Limit { get; init; }

    /// <summary>The new or changed accounts.</summary>
    public IReadOnlyList<Account> Accounts { get; init; } = [];

    /// <summary>The new or changed budget; null when it stays as it is.</summary>
    public Budget? Budget { get; init; }

    /// <summary>The new or changed reservation; null when none changes.</summary>
    public Reservation? Reservation { get; init; }

    /// <summary>The run's new or changed streak; null when none changes.</summary>
    public Streak? Streak { get; init; }

    /// <summary>The new or changed request for approval; null when none changes.</summary>
    public Approval? Approval { get; init; }

    /// <summary>The ledger entry to append; null when the command leaves none.</summary>
    public LedgerEntry? Entry { get; init; }

    /// <summary>The account that has refused; null where none has.</summary>
    internal Account? Refusal { get; init; }

    /// <summary>The node that has refused: it is paused, or has the name that another was to have.</summary>
    internal Node? InTheWay { get; init; }

    /// <inheritdoc cref="BudgetAnswer.Left"/>
    internal Money? Left { get; init; }

    /// <inheritdoc cref="BudgetAnswer.FitsAt"/>
    internal DateTimeOffset? FitsAt { get; init; }

    /// <inheritdoc cref="BudgetAnswer.RunLimit"/>
    internal Money? RunLimit { get; init; }

    /// <inheritdoc cref="BudgetAnswer.Approval"/>
    internal ApprovalId? Asked { get; init; }

    /// <summary>The command.</summary>
    internal BudgetCommand? Command { get; init; }

    /// <summary>The state that it met.</summary>
    internal BudgetState Before => _before;

    /// <summary>The budget as the store had it, with raises that have ended since.</summary>
    internal Budget? Kept { get; init; }

    /// <summary>The answer to the command, once the transition is committed.</summary>
    /// <param name="sequence">The place of <see cref="Entry"/> in the ledger; 0 when there is none.</param>
    public BudgetAnswer ToAnswer(long sequence) => new(Status, Budget ?? _before.Budget, Reservation ?? Own, sequence)
    {
        Node = InTheWay ?? Node ?? (Status is BudgetStatus.Applied or BudgetStatus.Replayed ? _before.Tree.Node : null),
        Account = Refusal,
        Left = Left,
        Approval = Approval?.Id ?? Asked,
        FitsAt = FitsAt,
        RunLimit = RunLimit,
        Added = Entry?.Added ?? (Status == BudgetStatus.Replayed ? _before.Earlier?.Added : null),
    };

    /// <summary>The same as what a command has made, with a limit that holds: what comes back to a budget lifts what remains no higher.</summary>
    /// <param name="command">The command.</param>
    /// <param name="now">The time that it was decided by.</param>
    /// <param name="kept">The budget as the store had it.</param>
    internal Transition Of(BudgetCommand command, DateTimeOffset now, Budget? kept)
    {
        var within = Budget?.AsOf(now);
        return new Transition(_before, Status)
        {
            Command = command,
            Kept = kept,
            Node = Node,
            Limit = Limit,
            Accounts = Accounts,
            Budget = within,
            Reservation = Reservation,
            Streak = Streak,
            Approval = Approval,
            Entry = Entry is { } entry && within != Budget
                ? entry with { Granted = within!.Granted, Raised = within.Raises.Total, Added = entry.Added + (within.Granted - Budget!.Granted) }
                : Entry,
            Refusal = Refusal,
            InTheWay = InTheWay,
            Left = Left,
            FitsAt = FitsAt,
            Asked = Asked,
            RunLimit = RunLimit,
        };
    }

    /// <summary>An id that another agent has used is a conflict, but what that agent does with it is none of this one's business.</summary>
    private Reservation? Own => _before.Reservation is { } reservation && reservation.Agent == _before.Budget?.Agent ? reservation : null;
}
