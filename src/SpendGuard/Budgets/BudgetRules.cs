namespace SpendGuard.Budgets;

/// <summary>The rules of money: pure functions from a state and a command to the next state. Stores make them atomic and durable.</summary>
public static class BudgetRules
{
    /// <summary>Sets an agent's budget, or tops it up.</summary>
    /// <param name="command">The command.</param>
    /// <param name="agent">The agent, or null when it is not known.</param>
    /// <param name="budget">The agent's budget, or null when it has none.</param>
    /// <param name="earlier">The ledger entry that was made under the command's idempotency key, if there is one.</param>
    /// <exception cref="OverflowException">The budget would be out of range.</exception>
    /// <exception cref="ArgumentException">The command is malformed: an amount is negative, or a text cannot be stored.</exception>
    public static Transition Apply(SetBudget command, Agent? agent, Budget? budget, LedgerEntry? earlier)
    {
        CommandForm.Check(command);
        if (agent is { DeletedAt: not null })
        {
            return new Transition(BudgetStatus.NoAgent);
        }

        if (earlier is not null)
        {
            var same = string.Equals(earlier.Content, command.Content, StringComparison.Ordinal);
            return new Transition(same ? BudgetStatus.Replayed : BudgetStatus.Conflict);
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
            MaxInFlight = command.MaxInFlight,
        };
        var entry = Entry(LedgerEntryKind.BudgetSet, command, next, reservation: null, command.TopUp) with
        {
            IdempotencyKey = command.IdempotencyKey,
            Content = command.Content,
        };
        return new Transition(BudgetStatus.Applied, next, Reservation: null, entry)
        {
            Agent = agent is null ? new Agent { Id = command.Agent, CreatedAt = command.At } : null,
        };
    }

    /// <summary>Creates, renames or deletes an agent.</summary>
    /// <param name="command">The command.</param>
    /// <param name="agent">The agent, or null when it is not known.</param>
    /// <param name="budget">The agent's budget, or null when it has none.</param>
    /// <exception cref="ArgumentException">The command is malformed: a text cannot be stored.</exception>
    public static Transition Apply(AgentCommand command, Agent? agent, Budget? budget)
    {
        CommandForm.Check(command);
        if (command is CreateAgent create)
        {
            return agent is not null
                ? new Transition(BudgetStatus.Conflict)
                : new Transition(BudgetStatus.Applied)
                {
                    Agent = new Agent { Id = create.Agent, Name = create.Name, CreatedAt = create.At },
                };
        }

        if (agent is null or { DeletedAt: not null })
        {
            return new Transition(BudgetStatus.NoAgent);
        }

        return command switch
        {
            RenameAgent rename => new Transition(BudgetStatus.Applied) { Agent = agent with { Name = rename.Name } },
            DeleteAgent delete => Close(delete, agent, budget),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "The command is not known."),
        };
    }

    /// <summary>Holds the most that fits between a floor and a ceiling.</summary>
    /// <param name="command">The command.</param>
    /// <param name="budget">The agent's budget, or null when it has none.</param>
    /// <param name="existing">The reservation that has the command's id already, if there is one.</param>
    /// <exception cref="ArgumentException">The command is malformed: an amount is negative, or a text cannot be stored.</exception>
    public static Transition Apply(Reserve command, Budget? budget, Reservation? existing)
    {
        CommandForm.Check(command);
        if (existing is not null)
        {
            return new Transition(IsSame(command, existing) ? BudgetStatus.Replayed : BudgetStatus.Conflict);
        }

        if (budget is null or { Closed: true })
        {
            return new Transition(BudgetStatus.NoBudget);
        }

        if (command.Floor > budget.Remaining)
        {
            return new Transition(BudgetStatus.Insufficient);
        }

        if (command.Floor > budget.Available || budget.InFlight >= budget.MaxInFlight)
        {
            return new Transition(BudgetStatus.Locked);
        }

        var held = Money.Min(command.Ceiling, budget.Available);
        var next = budget with { Held = budget.Held + held, InFlight = budget.InFlight + 1 };
        var reservation = new Reservation
        {
            Id = command.Id,
            Agent = command.Agent,
            Run = command.Run,
            Model = command.Model,
            Function = command.Function,
            Unbounded = command.Unbounded,
            Floor = command.Floor,
            Ceiling = command.Ceiling,
            Held = held,
            CreatedAt = command.At,
            ExpiresAt = command.ExpiresAt,
        };
        return new Transition(
            BudgetStatus.Applied, next, reservation, Entry(LedgerEntryKind.Reserved, command, next, reservation, held));
    }

    /// <summary>Ends or renews a reservation.</summary>
    /// <param name="command">The command.</param>
    /// <param name="budget">The budget of the reservation's agent.</param>
    /// <param name="reservation">The reservation.</param>
    /// <exception cref="OverflowException">The budget would be out of range.</exception>
    /// <exception cref="ArgumentException">The command is malformed: its charge is negative.</exception>
    public static Transition Apply(ReservationCommand command, Budget budget, Reservation reservation) => command switch
    {
        Settle settle => End(CommandForm.Check(settle), budget, reservation, ReservationEnd.Settled, settle.Charge),
        Release release => End(release, budget, reservation, ReservationEnd.Released, Money.Zero),
        Forfeit { OnlyIfExpired: true } forfeit when reservation.End == ReservationEnd.None && reservation.ExpiresAt > forfeit.At =>
            new Transition(BudgetStatus.NotExpired),
        Forfeit forfeit => End(forfeit, budget, reservation, ReservationEnd.Forfeited, reservation.Held),
        Renew renew => Apply(renew, reservation),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "The command is not known."),
    };

    private static Transition Close(DeleteAgent command, Agent agent, Budget? budget)
    {
        var deleted = agent with { DeletedAt = command.At };
        if (budget is null)
        {
            return new Transition(BudgetStatus.Applied) { Agent = deleted };
        }

        var closed = budget with { Closed = true };
        var entry = Entry(LedgerEntryKind.BudgetClosed, command, closed, reservation: null, Money.Zero);
        return new Transition(BudgetStatus.Applied, closed, Reservation: null, entry) { Agent = deleted };
    }

    private static Transition Apply(Renew command, Reservation reservation)
    {
        if (reservation.End != ReservationEnd.None)
        {
            return new Transition(BudgetStatus.Ended);
        }

        return command.ExpiresAt <= reservation.ExpiresAt
            ? new Transition(BudgetStatus.Replayed)
            : new Transition(BudgetStatus.Applied, Reservation: reservation with { ExpiresAt = command.ExpiresAt });
    }

    private static Transition End(
        ReservationCommand command, Budget budget, Reservation reservation, ReservationEnd end, Money charge)
    {
        if (reservation.End == end)
        {
            return new Transition(charge == reservation.Charged ? BudgetStatus.Replayed : BudgetStatus.Ended);
        }

        var corrects = reservation.End == ReservationEnd.Forfeited;
        if (reservation.End != ReservationEnd.None && !corrects)
        {
            return new Transition(BudgetStatus.Ended);
        }

        var next = corrects
            ? budget with { Spent = budget.Spent - reservation.Charged + charge }
            : budget with
            {
                Held = budget.Held - reservation.Held,
                Spent = budget.Spent + charge,
                InFlight = budget.InFlight - 1,
            };
        var ended = reservation with { End = end, Charged = charge };
        var kind = corrects ? LedgerEntryKind.Corrected : end switch
        {
            ReservationEnd.Settled => LedgerEntryKind.Settled,
            ReservationEnd.Released => LedgerEntryKind.Released,
            _ => LedgerEntryKind.Forfeited,
        };
        return new Transition(BudgetStatus.Applied, next, ended, Entry(kind, command, next, ended, charge));
    }

    private static bool IsSame(Reserve command, Reservation existing) =>
        command.Agent == existing.Agent
        && command.Run == existing.Run
        && string.Equals(command.Model, existing.Model, StringComparison.Ordinal)
        && string.Equals(command.Function, existing.Function, StringComparison.Ordinal)
        && string.Equals(command.Unbounded, existing.Unbounded, StringComparison.Ordinal)
        && command.Floor == existing.Floor
        && command.Ceiling == existing.Ceiling;

    private static LedgerEntry Entry(
        LedgerEntryKind kind, BudgetCommand command, Budget after, Reservation? reservation, Money amount) => new()
        {
            At = command.At,
            Kind = kind,
            Agent = after.Agent,
            Reservation = reservation?.Id,
            Run = reservation?.Run,
            Model = reservation?.Model,
            Function = reservation?.Function,
            Unbounded = reservation?.Unbounded,
            Amount = amount,
            HardLimit = after.HardLimit,
            Granted = after.Granted,
            Spent = after.Spent,
            Held = after.Held,
        };
}
