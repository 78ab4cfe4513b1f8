namespace SpendGuard.Budgets;

/// <summary>What sets, closes and names: the rules of commands that concern an agent and its budget as a whole.</summary>
internal static class AgentRules
{
    /// <summary>Sets an agent's budget, or tops it up.</summary>
    public static Transition Set(SetBudget command, BudgetState state)
    {
        var (agent, budget) = (state.Agent, state.Budget);
        if (agent is { DeletedAt: not null })
        {
            return new Transition(state, BudgetStatus.NoAgent);
        }

        if (state.Earlier is { } earlier)
        {
            var same = string.Equals(earlier.Content, command.Content, StringComparison.Ordinal);
            return new Transition(state, same ? BudgetStatus.Replayed : BudgetStatus.Conflict);
        }

        Money granted;
        if (budget is null)
        {
            var first = command.TopUp > Money.Zero ? command.TopUp : command.HardLimit;
            granted = Money.Min(command.HardLimit, first);
        }
        else
        {
            // A lower limit takes back what is free, but never what calls in flight hold, and it forgives no overdraft. What
            // calls in flight hold beyond what remains (an overrun was settled) is no room for a top-up above the limit.
            var kept = Money.Min(budget.Remaining, budget.Held);
            var ceiling = Money.Max(command.HardLimit, kept);
            granted = budget.Spent + Money.Min(ceiling, budget.Remaining + command.TopUp);
        }

        var next = (budget ?? new Budget { Agent = command.Agent, HardLimit = Money.Zero, Granted = Money.Zero }) with
        {
            HardLimit = command.HardLimit,
            Granted = granted,
            MaxInFlight = command.MaxInFlight ?? (budget is null ? command.FirstMaxInFlight : budget.MaxInFlight),
            MaxCallShare = command.MaxCallShare ?? (budget is null ? command.FirstMaxCallShare : budget.MaxCallShare),
        };
        var entry = LedgerEntry.Of(LedgerEntryKind.BudgetSet, command, next, reservation: null, command.TopUp) with
        {
            IdempotencyKey = command.IdempotencyKey,
            Content = command.Content,
        };
        return new Transition(state, BudgetStatus.Applied)
        {
            Agent = agent is null ? new Agent { Id = command.Agent, CreatedAt = command.At } : null,
            Budget = next,
            Entry = entry,
        };
    }

    /// <summary>Creates, renames or deletes an agent.</summary>
    public static Transition Decide(AgentCommand command, BudgetState state)
    {
        var agent = state.Agent;
        if (command is CreateAgent create)
        {
            return agent is not null
                ? new Transition(state, BudgetStatus.Conflict)
                : new Transition(state, BudgetStatus.Applied)
                {
                    Agent = new Agent { Id = create.Agent, Name = create.Name, CreatedAt = create.At },
                };
        }

        if (agent is null or { DeletedAt: not null })
        {
            return new Transition(state, BudgetStatus.NoAgent);
        }

        return command switch
        {
            RenameAgent rename => new Transition(state, BudgetStatus.Applied) { Agent = agent with { Name = rename.Name } },
            DeleteAgent delete => Close(delete, agent, state),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "The command is not known."),
        };
    }

    private static Transition Close(DeleteAgent command, Agent agent, BudgetState state)
    {
        var deleted = agent with { DeletedAt = command.At };
        if (state.Budget is not { } budget)
        {
            return new Transition(state, BudgetStatus.Applied) { Agent = deleted };
        }

        var closed = budget with { Closed = true };
        return new Transition(state, BudgetStatus.Applied)
        {
            Agent = deleted,
            Budget = closed,
            Entry = LedgerEntry.Of(LedgerEntryKind.BudgetClosed, command, closed, reservation: null, Money.Zero),
        };
    }
}
