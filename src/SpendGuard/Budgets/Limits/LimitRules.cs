namespace SpendGuard.Budgets;

/// <summary>What sets and removes limits. An agent's total is its budget.</summary>
internal static class LimitRules
{
    /// <summary>How many limits a node may have, beside an agent's budget.</summary>
    public const int MostLimits = 8;

    public static Transition Set(SetLimit command, BudgetState state)
    {
        if (state.Tree.Node is { DeletedAt: not null })
        {
            return new Transition(state, BudgetStatus.NoNode);
        }

        var isNew = state.Tree.Node is null;
        var node = state.Tree.Node ?? NodeRules.NewGroup(command.Node, command.At);
        var limit = command.Limit;
        if (node.Kind == NodeKind.Agent && limit.Window == LimitWindow.Total)
        {
            return SetTotal(command, node, state);
        }

        var limits = state.Tree.Path is [{ Limits: var found }, ..] ? found : [];
        var before = limits.FirstOrDefault(known => known.Limit.Window.Name == limit.Window.Name);

        // A limit that was removed, and is set again, goes on in its last window.
        var now = state.Now ?? command.At;
        var open = (before?.Account ?? state.Tree.LastAccount) is { } last && !(now >= last.Until) ? last : null;
        if (before?.Limit == limit && !IsAnswered(open, limit, now))
        {
            return new Transition(state, BudgetStatus.Replayed);
        }

        if (before is null && limits.Count >= MostLimits)
        {
            return new Transition(state, BudgetStatus.TooManyLimits);
        }

        return new Transition(state, BudgetStatus.Applied)
        {
            Node = isNew ? node : null,
            Limit = new LimitChange(node.Id, limit),
            Budget = state.Budget,
            Accounts = open is null ? [] : [AccountRules.Change(open, limit, now)],
            Entry = Entry(LedgerEntryKind.LimitSet, command, node, limit, state.Budget),
        };
    }

    public static Transition Remove(RemoveLimit command, Node node, BudgetState state)
    {
        if (node.Kind == NodeKind.Agent && command.Window == LimitWindow.Total.Name)
        {
            if (state.Budget is not { IsSet: true } budget)
            {
                return new Transition(state, BudgetStatus.NoLimit);
            }

            var unset = budget with
            {
                IsSet = false,
                HardLimit = Money.Zero,
                Granted = budget.Spent + budget.Held,
                Action = LimitAction.Refuse,
                Raises = Raises.None,
                Approval = null,
            };
            return new Transition(state, BudgetStatus.Applied)
            {
                Budget = unset,
                Entry = Entry(LedgerEntryKind.LimitRemoved, command, node, Limit.Total(budget.HardLimit), unset),
            };
        }

        return state.Tree.Path is [{ Limits: var limits }, ..] && limits.FirstOrDefault(known => known.Limit.Window.Name == command.Window) is { Limit: var limit, Account: var last }
            ? new Transition(state, BudgetStatus.Applied)
            {
                Limit = new LimitChange(node.Id, limit, IsRemoved: true),
                Budget = state.Budget,
                Accounts = last is null ? [] : [AccountRules.WithoutRaises(last)],
                Entry = Entry(LedgerEntryKind.LimitRemoved, command, node, limit, state.Budget),
            }
            : new Transition(state, BudgetStatus.NoLimit);
    }

    /// <summary>
    /// All that the agent may ever spend, with what it has spent: unlike a top-up, which is added to what remains. What calls in flight hold
    /// is never cut, and what is spent or held beyond the amount is owed.
    /// </summary>
    private static Transition SetTotal(SetLimit command, Node node, BudgetState state)
    {
        var amount = command.Limit.Amount;
        var isFirst = state.Budget is not { IsSet: true };
        var before = state.Budget ?? new Budget { Agent = new AgentId(node.Id.Value), HardLimit = Money.Zero, Granted = Money.Zero };
        var after = before.Granting(amount, before.Raises.Outlasting(amount)) with
        {
            IsSet = true,
            HardLimit = amount,
            Thresholds = command.Limit.Thresholds,
            Action = command.Limit.Action,
            Approval = null,
            MaxInFlight = isFirst ? command.FirstMaxInFlight : before.MaxInFlight,
            MaxCallShare = isFirst ? command.FirstMaxCallShare : before.MaxCallShare,
        };
        return after == state.Budget
            ? new Transition(state, BudgetStatus.Replayed)
            : new Transition(state, BudgetStatus.Applied)
            {
                Budget = after,
                Entry = Entry(LedgerEntryKind.LimitSet, command, node, command.Limit, after),
            };
    }

    /// <summary>Whether setting the same limit once more changes something: a request for approval that was left or denied, or a raise until then.</summary>
    private static bool IsAnswered(Account? open, Limit limit, DateTimeOffset now) => open is not null
        && (open.Approval is not null || (open.Raises.At(now) is var lasting && !lasting.Outlasting(limit.Amount).Equals(lasting)));

    private static LedgerEntry Entry(LedgerEntryKind kind, NodeCommand command, Node node, Limit limit, Budget? budget) =>
        LedgerEntry.Of(kind, command, node, budget) with { Limit = limit.Window.ToString(), Amount = limit.Amount };
}
