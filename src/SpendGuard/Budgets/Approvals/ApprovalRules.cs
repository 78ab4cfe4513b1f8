using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SpendGuard.Budgets;

/// <summary>What asks for approval, and what an answer makes of the limit that is full.</summary>
internal static class ApprovalRules
{
    // People need time to answer, and a window may be a second.
    private static readonly TimeSpan LeastTimeToAnswer = TimeSpan.FromHours(1);

    /// <summary>
    /// Refuses a call, and leaves a request where the limit has none yet: while one waits for its answer, or was denied, it is the only one. Of a
    /// limit that rolls, which no window ends, one that was denied is done with a window's length later, and one that nobody has answered as well,
    /// but not within an hour.
    /// </summary>
    /// <param name="command">The call.</param>
    /// <param name="node">Whose limit is full.</param>
    /// <param name="path">What the call has to fit.</param>
    /// <param name="state">The state that it met.</param>
    /// <param name="now">The time.</param>
    public static Transition Ask(Reserve command, Node node, HoldPath path, BudgetState state, DateTimeOffset now)
    {
        var (account, budget) = (path.LeastAttainable, path.Budget);
        var fitsAt = path.FitsAt(command.Needed, now);
        if ((account is null ? budget.Approval : account.Approval) is { } before && !(state.Approval?.Id == before && IsDoneWith(state.Approval, account, now)))
        {
            return new Transition(state, BudgetStatus.Insufficient) { Refusal = account, Asked = before, FitsAt = fitsAt };
        }

        var approval = new Approval
        {
            Id = IdOf(command, node.Id, account, account?.Raises ?? budget.Raises, now),
            Agent = command.Agent,
            Node = node.Id,
            Limit = path.FullWindow.Name,
            Number = account?.Number ?? 0,

            // A share of what is free may be too little where all of it would do.
            Need = Money.Max(command.Needed - path.Attainable, Money.FromMicrocents(1)),
            Run = command.Run,
            Model = command.Model,
            AskedAt = now,
        };
        var left = account is null ? budget with { Approval = approval.Id } : OwnBudget(node, state);
        return new Transition(state, BudgetStatus.Insufficient)
        {
            Refusal = account,
            FitsAt = fitsAt,
            Approval = approval,
            Accounts = account is null ? [] : [account with { Approval = approval.Id }],
            Budget = left,
            Entry = LedgerEntry.Of(LedgerEntryKind.ApprovalAsked, command.At, command.Agent.Value, node, left) with
            {
                Limit = path.FullWindow.ToString(),
                Run = command.Run,
                Model = command.Model,
                Amount = approval.Need,
            },
        };
    }

    /// <summary>Whether a request was denied so long ago, or has waited so long for its answer, that what is full asks anew.</summary>
    public static bool IsDoneWith(Approval approval, Account? full, DateTimeOffset now) => full?.Length is { } length && approval switch
    {
        { State: ApprovalState.Denied, DecidedAt: { } denied } => now - denied >= length,
        { State: ApprovalState.Pending } => now - approval.AskedAt >= (length > LeastTimeToAnswer ? length : LeastTimeToAnswer),
        _ => false,
    };

    public static Transition Decide(ApprovalCommand command, BudgetState state)
    {
        if (state.Approval is not { } approval || approval.Node != command.Node || state.Tree.Node is not { } node)
        {
            return new Transition(state, BudgetStatus.NoApproval);
        }

        if (approval.State != ApprovalState.Pending)
        {
            return new Transition(state, IsSame(command, approval, state) ? BudgetStatus.Replayed : BudgetStatus.ApprovalOver) { Asked = approval.Id };
        }

        if (!IsOpen(approval, FullOf(state), state.Now ?? command.At))
        {
            return new Transition(state, BudgetStatus.ApprovalOver) { Asked = approval.Id };
        }

        return command is Approve approve ? Raise(approve, approval, node, state) : new Transition(state, BudgetStatus.Applied)
        {
            Approval = Answered(command, approval, ApprovalState.Denied, state),
            Budget = OwnBudget(node, state),
            Entry = Entry(LedgerEntryKind.Denied, command, approval, node, OwnBudget(node, state), approval.Limit),
        };
    }

    /// <summary>
    /// Whether a request that nobody has answered can be answered still: what was full names it, in the window that is open. That is so no more
    /// once the limit was set anew or removed, its window has ended, another request took its place, or who it is of was deleted.
    /// </summary>
    /// <param name="approval">The request.</param>
    /// <param name="full">Whose limit is full, as it is now, with its budget; null where there is no such node any more.</param>
    /// <param name="now">The time.</param>
    public static bool IsOpen(Approval approval, NodeState? full, DateTimeOffset now) => full is { Node.DeletedAt: null }
        && (approval.Number == 0
            ? full.Budget is { IsSet: true, Closed: false } budget && budget.Approval == approval.Id
            : Find(approval, full)?.Account is { } account && account.Approval == approval.Id && !(now >= account.Until));

    /// <summary>How many raises of what is full are such as a request that was approved has made; none where its own is there no more.</summary>
    /// <inheritdoc cref="IsOpen"/>
    public static int RaisesOf(Approval approval, NodeState? full, DateTimeOffset now)
    {
        var raises = full is not { Node.DeletedAt: null } ? null
            : approval.Number == 0 ? full.Budget is { IsSet: true, Closed: false } budget ? budget.Raises : null
            : Find(approval, full)?.Account is { } account && !(now >= account.Until) ? account.Raises
            : null;
        return raises?.At(now).Count(raise => raise == new Raise(approval.Added, approval.Until)) ?? 0;
    }

    /// <summary>What a call could hold of what a request is about, if all that is held came back; null where the request can be answered no more.</summary>
    /// <inheritdoc cref="IsOpen"/>
    public static Money? RoomOf(Approval approval, NodeState full, DateTimeOffset now) => !IsOpen(approval, full, now) ? null
        : Find(approval, full) is { } limit ? AccountRules.Open(full.Node.Id, limit.Limit, limit.Account, now).Attainable
        : full.Budget!.AsOf(now).Attainable;

    private static Transition Raise(Approve command, Approval approval, Node node, BudgetState state)
    {
        var now = state.Now ?? command.At;
        if (approval.Number == 0)
        {
            return Raised(now + command.Lasting, LimitWindow.Total, until => ([], state.Budget! with
            {
                Granted = state.Budget.Granted + command.Add,
                Raises = state.Budget.Raises.With(new Raise(command.Add, until)),
                Approval = null,
            }));
        }

        var limit = Find(approval, state.Tree.Path[0])!;
        return Raised(EndOf(command, now, limit.Account), limit.Limit.Window, until =>
            ([AccountRules.Raised(AccountRules.Open(node.Id, limit.Limit, limit.Account, now), new Raise(command.Add, until))], OwnBudget(node, state)));

        Transition Raised(DateTimeOffset? until, LimitWindow window, Func<DateTimeOffset?, (IReadOnlyList<Account>, Budget?)> raise)
        {
            var (accounts, after) = raise(until);
            return new Transition(state, BudgetStatus.Applied)
            {
                Approval = Answered(command, approval, ApprovalState.Approved, state) with { Added = command.Add, Until = until },
                Accounts = accounts,
                Budget = after,
                Entry = Entry(LedgerEntryKind.Approved, command, approval, node, after, window.ToString()) with { Amount = command.Add },
            };
        }
    }

    /// <summary>Whose limit is full, with its budget; null where it is no more.</summary>
    private static NodeState? FullOf(BudgetState state) => state.Tree.Path is [var node, ..] ? node with { Budget = state.Budget } : null;

    /// <summary>The limit and its account, where no later window of it has been opened.</summary>
    private static LimitState? Find(Approval approval, NodeState? node) =>
        node?.Limits.FirstOrDefault(known => known.Limit.Window.Name == approval.Limit && known.Account?.Number == approval.Number);

    private static DateTimeOffset? EndOf(Approve command, DateTimeOffset from, Account? account) =>
        (from + command.Lasting, account?.Until) is ({ } asked, { } window) ? (asked < window ? asked : window) : from + command.Lasting ?? account?.Until;

    private static bool IsSame(ApprovalCommand command, Approval approval, BudgetState state) => command is Approve approve
        ? approval.State == ApprovalState.Approved && approval.Added == approve.Add && approval.Until == EndOf(approve, approval.DecidedAt!.Value, Find(approval, FullOf(state))?.Account)
        : approval.State == ApprovalState.Denied;

    private static Approval Answered(ApprovalCommand command, Approval approval, ApprovalState answer, BudgetState state) => approval with
    {
        State = answer,
        DecidedAt = state.Now ?? command.At,
        By = command.By,
        Reason = command.Reason,
    };

    private static LedgerEntry Entry(LedgerEntryKind kind, ApprovalCommand command, Approval approval, Node node, Budget? budget, string limit) =>
        LedgerEntry.Of(kind, command, node, budget) with { Limit = limit, Run = approval.Run, Model = approval.Model, Reason = command.Reason };

    /// <summary>The last entry of an agent's ledger is what its budget is, also where that has not changed. A group has none, and the caller's is not its own.</summary>
    private static Budget? OwnBudget(Node node, BudgetState state) => node.Kind == NodeKind.Agent ? state.Budget : null;

    /// <summary>An id that the same call makes again only for the same request: a store that decides once more comes to the same.</summary>
    private static ApprovalId IdOf(Reserve command, NodeId node, Account? account, Raises raises, DateTimeOffset now)
    {
        var told = string.Create(
            CultureInfo.InvariantCulture, $"{command.Id}\n{command.Agent}\n{node}\n{account?.Limit}\n{account?.Number}\n{raises.ToText()}\n{now.UtcTicks}");
        return new ApprovalId($"apr_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(told)).AsSpan(0, 12))}");
    }
}
