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

        var isFirst = budget is not { IsSet: true };
        var before = budget ?? new Budget { Agent = command.Agent, HardLimit = Money.Zero, Granted = Money.Zero };
        var raises = before.Raises.Outlasting(command.HardLimit);
        Money left;
        if (isFirst)
        {
            // What the agent has spent under its groups is not taken from it, and what calls in flight hold is theirs while they do.
            left = Money.Min(command.HardLimit, command.TopUp > Money.Zero ? command.TopUp : command.HardLimit);
        }
        else
        {
            // A lower limit takes back what is free, but never what calls in flight hold, and it forgives no overdraft. What
            // calls in flight hold beyond what remains (an overrun was settled) is no room for a top-up above the limit.
            var remaining = before.Granted - before.Raises.Total - before.Spent;
            var kept = Money.Min(remaining, before.Held - raises.Total);
            left = Money.Min(remaining + command.TopUp, Money.Max(command.HardLimit, kept));
        }

        var next = before.Granting(before.Spent + left, raises) with
        {
            IsSet = true,
            HardLimit = command.HardLimit,
            MaxInFlight = command.MaxInFlight ?? (isFirst ? command.FirstMaxInFlight : before.MaxInFlight),
            MaxCallShare = command.MaxCallShare ?? (isFirst ? command.FirstMaxCallShare : before.MaxCallShare),
            Action = command.OnExhausted ?? before.Action,
            Approval = null,
        };
        var entry = LedgerEntry.Of(LedgerEntryKind.BudgetSet, command, next, reservation: null, command.TopUp) with
        {
            IdempotencyKey = command.IdempotencyKey,
            Content = command.Content,
            Added = next.Granted - before.Granted,
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
            return agent is not null ? new Transition(state, BudgetStatus.Conflict) { InTheWay = agent }
                : state.Tree.Namesake is not null ? Transition.NameTaken(state)
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
            RenameAgent when state.Tree.Namesake is not null => Transition.NameTaken(state),
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
