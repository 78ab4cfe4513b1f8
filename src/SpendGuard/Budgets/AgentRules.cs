namespace SpendGuard.Budgets;

/// <summary>What sets, closes and names: the rules of commands that concern an agent and its budget as a whole.</summary>
internal static class AgentRules
{
    /// <summary>Sets an agent's budget, or tops it up.</summary>
    public static Transition Set(SetBudget command, BudgetState state)
    {
        var (node, budget) = (state.Tree.Node, state.Budget);
        if (node is { DeletedAt: not null } or { Kind: not NodeKind.Agent })
        {
            return new Transition(state, BudgetStatus.NoAgent);
        }

        if (state.Earlier is { } earlier)
        {
            var same = string.Equals(earlier.Content, command.Content, StringComparison.Ordinal);
            return new Transition(state, same ? BudgetStatus.Replayed : BudgetStatus.Conflict);
        }

        Money granted;
        var isFirst = budget is not { IsSet: true };
        if (isFirst)
        {
            // What the agent has spent under its groups is not taken from it, and what calls in flight hold is theirs.
            var first = command.TopUp > Money.Zero ? command.TopUp : command.HardLimit;
            granted = (budget?.Spent ?? Money.Zero) + Money.Max(Money.Min(command.HardLimit, first), budget?.Held ?? Money.Zero);
        }
        else
        {
            // A lower limit takes back what is free, but never what calls in flight hold, and it forgives no overdraft. What
            // calls in flight hold beyond what remains (an overrun was settled) is no room for a top-up above the limit.
            var kept = Money.Min(budget!.Remaining, budget.Held);
            var ceiling = Money.Max(command.HardLimit + budget.Raises.Outlasting(command.HardLimit).Lasting, kept);
            granted = budget.Spent + Money.Min(ceiling, budget.Remaining + command.TopUp);
        }

        var next = (budget ?? new Budget { Agent = command.Agent, HardLimit = Money.Zero, Granted = Money.Zero }) with
        {
            IsSet = true,
            HardLimit = command.HardLimit,
            Granted = granted,
            MaxInFlight = command.MaxInFlight ?? (isFirst ? command.FirstMaxInFlight : budget!.MaxInFlight),
            MaxCallShare = command.MaxCallShare ?? (isFirst ? command.FirstMaxCallShare : budget!.MaxCallShare),
            Action = command.OnExhausted ?? budget?.Action ?? LimitAction.Refuse,
            Raises = budget?.Raises.Outlasting(command.HardLimit) ?? Raises.None,
            Approval = null,
        };
        var entry = LedgerEntry.Of(LedgerEntryKind.BudgetSet, command, next, reservation: null, command.TopUp) with
        {
            IdempotencyKey = command.IdempotencyKey,
            Content = command.Content,
        };
        return new Transition(state, BudgetStatus.Applied)
        {
            Node = node is null ? NewAgent(command.Agent, command.At) : null,
            Budget = next,
            Entry = entry,
        };
    }

    /// <summary>Creates, renames or deletes an agent.</summary>
    public static Transition Decide(AgentCommand command, BudgetState state)
    {
        var agent = state.Tree.Node;
        if (command is CreateAgent create)
        {
            return agent is not null ? new Transition(state, BudgetStatus.Conflict)
                : create.Under is not null && state.Tree.Under.Count == 0 ? new Transition(state, BudgetStatus.NoGroup)
                : new Transition(state, BudgetStatus.Applied)
                {
                    Node = NewAgent(create.Agent, create.At) with { Name = create.Name, Parent = create.Under },
                };
        }

        if (agent is null or { DeletedAt: not null } or { Kind: not NodeKind.Agent })
        {
            return new Transition(state, BudgetStatus.NoAgent);
        }

        return command switch
        {
            RenameAgent rename => new Transition(state, BudgetStatus.Applied) { Node = agent with { Name = rename.Name } },
            DeleteAgent delete => Close(delete, agent, state),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "The command is not known."),
        };
    }

    private static Node NewAgent(AgentId id, DateTimeOffset at) => new() { Id = id, Kind = NodeKind.Agent, CreatedAt = at };

    private static Transition Close(DeleteAgent command, Node agent, BudgetState state)
    {
        var deleted = agent with { DeletedAt = command.At };
        if (state.Budget is not { } budget)
        {
            return new Transition(state, BudgetStatus.Applied) { Node = deleted };
        }

        var closed = budget with { Closed = true };
        return new Transition(state, BudgetStatus.Applied)
        {
            Node = deleted,
            Budget = closed,
            Entry = LedgerEntry.Of(LedgerEntryKind.BudgetClosed, command, closed, reservation: null, Money.Zero),
        };
    }
}
