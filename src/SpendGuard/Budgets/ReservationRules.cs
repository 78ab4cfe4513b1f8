namespace SpendGuard.Budgets;

/// <summary>What holds, ends and renews: the rules of commands that concern a reservation.</summary>
internal static class ReservationRules
{
    /// <summary>Holds the most that fits between a floor and a ceiling.</summary>
    public static Transition Hold(Reserve command, BudgetState state)
    {
        if (state.Reservation is { } existing)
        {
            return new Transition(state, IsSame(command, existing) ? BudgetStatus.Replayed : BudgetStatus.Conflict);
        }

        var now = state.Now ?? command.At;
        var path = HoldPath.Of(command, state, now);
        if (state.Budget is { Closed: true } || !path.HasBudget)
        {
            return new Transition(state, BudgetStatus.NoBudget);
        }

        if (path.Paused is { } paused)
        {
            return new Transition(state, BudgetStatus.Paused) { InTheWay = paused };
        }

        if (path.HasOtherRunLimit)
        {
            return new Transition(state, BudgetStatus.OtherRunLimit) { Refusal = state.Tree.RunAccount };
        }

        var budget = path.Budget;
        var attainable = path.Attainable;
        if (command.Floor > attainable || IsCut(command, Offer(command, budget, attainable)))
        {
            return Refuse(command, path, state, now);
        }

        var held = Offer(command, budget, path.Available);
        if (Least(command, budget, attainable) > path.Available || (budget.IsFull && command.Requests is null) || IsCut(command, held))
        {
            return new Transition(state, BudgetStatus.Locked)
            {
                Refusal = budget.IsFull && command.Requests is null ? null : path.LeastAvailable,
            };
        }

        // Last of all: a call that something else refuses has not been made, and counts for nothing.
        var streak = StreakRules.With(command, state);
        if (streak is not null && StreakRules.Break(command, streak, state) is { } broken)
        {
            return broken;
        }

        var next = budget with
        {
            Held = budget.Held + held,
            InFlight = budget.InFlight + 1,
            Batches = budget.Batches + (command.Requests is null ? 0 : 1),
        };
        var reservation = new Reservation
        {
            Id = command.Id,
            Agent = command.Agent,
            Run = command.Run,
            Model = command.Model,
            Function = command.Function,
            Unbounded = command.Unbounded,
            Requests = command.Requests,
            Cards = command.Cards,
            Floor = command.Floor,
            Ceiling = command.Ceiling,
            Held = held,
            Accounts = path.Keys,
            CreatedAt = command.At,
            ExpiresAt = state.Now is { } stores ? stores + command.Lifetime : command.ExpiresAt,
        };
        return new Transition(state, BudgetStatus.Applied)
        {
            Budget = next,
            Reservation = reservation,
            Accounts = [.. path.Accounts.Select(account => AccountRules.Hold(account, held))],
            Streak = streak,
            RunLimit = path.RunLimit,
            Entry = LedgerEntry.Of(LedgerEntryKind.Reserved, command, next, reservation, held),
        };
    }

    /// <summary>Ends, renews or names a reservation.</summary>
    public static Transition Decide(ReservationCommand command, BudgetState state)
    {
        if (state.Reservation is not { } reservation)
        {
            return new Transition(state, BudgetStatus.NoReservation);
        }

        var budget = state.Budget ?? throw new ArgumentException($"Reservation '{reservation.Id}' is there, and its budget is not.", nameof(state));
        return command switch
        {
            Settle settle => End(settle, state, budget, reservation, ReservationEnd.Settled, settle.Charge),
            Release => End(command, state, budget, reservation, ReservationEnd.Released, Money.Zero),
            Forfeit { OnlyIfExpired: true } when reservation.End == ReservationEnd.None && reservation.ExpiresAt > (state.Now ?? command.At) =>
                new Transition(state, BudgetStatus.NotExpired),
            Forfeit forfeit => End(command, state, budget, reservation, ReservationEnd.Forfeited, Money.Max(reservation.Held, forfeit.Known)),
            Renew renew => Extend(renew, state, reservation),
            Name name => Call(name, state, reservation),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "The command is not known."),
        };
    }

    /// <summary>What a call gets where so much is free: no more than its share, but for what an ordinary answer takes.</summary>
    private static Money Offer(Reserve command, Budget budget, Money free) =>
        Money.Min(command.Ceiling, Money.Max(command.Floor, Money.Max(command.Requests is null ? budget.ShareOf(free) : free, Money.Min(command.Ordinary, free))));

    /// <summary>
    /// What has to be free. Calls that share a budget wait for what an ordinary answer takes, since others that end give it back; where the whole
    /// budget has not so much, all of it. Not where there are only batches, which give nothing back for hours.
    /// </summary>
    private static Money Least(Reserve command, Budget budget, Money attainable) => budget.MaxCallShare is null || budget.OnlyBatches
        ? command.Floor
        : Money.Max(command.Floor, Money.Min(Money.Min(command.Ordinary, command.Ceiling), attainable));

    /// <summary>Refuses a call that does not fit, however much came back. One that may ask for less stirs nobody.</summary>
    private static Transition Refuse(Reserve command, HoldPath path, BudgetState state, DateTimeOffset now)
    {
        if (command.IsTentative)
        {
            return new Transition(state, BudgetStatus.Insufficient) { Refusal = path.LeastAttainable };
        }

        return path.BreakerAgainst(command.Needed) is var (node, account) ? Break(command, node, account, state)
            : path is { Action: LimitAction.Ask, Full: { } full } ? ApprovalRules.Ask(command, full, path, state, now)
            : new Transition(state, BudgetStatus.Insufficient) { Refusal = path.LeastAttainable, FitsAt = path.FitsAt(command.Needed, now) };
    }

    /// <summary>Pauses the node of a limit that is a breaker: so much is spent that the call does not fit.</summary>
    private static Transition Break(Reserve command, Node node, Account? account, BudgetState state) => NodeRules.Break(
        command,
        node,
        account is not null
            ? $"{account.Spent} spent in {account.Limit}, of {account.Amount} at most"
            : $"{state.Budget!.Spent} spent of its budget, of {state.Budget.Granted - state.Budget.Raises.Owed} granted",
        state,
        full: account);

    private static bool IsCut(Reserve command, Money offer) => command.Whole && offer < command.Ceiling;

    private static Transition Call(Name command, BudgetState state, Reservation reservation) => (state.Named, reservation.Name) switch
    {
        (null, null) => new Transition(state, BudgetStatus.Applied) { Reservation = reservation with { Name = command.As } },
        ({ Id: var id }, _) when id == reservation.Id => new Transition(state, BudgetStatus.Replayed),
        _ => new Transition(state, BudgetStatus.Conflict),
    };

    private static Transition Extend(Renew command, BudgetState state, Reservation reservation)
    {
        if (reservation.End != ReservationEnd.None)
        {
            return new Transition(state, BudgetStatus.Ended);
        }

        var expiresAt = state.Now is { } now ? now + command.Lifetime : command.ExpiresAt;
        return expiresAt <= reservation.ExpiresAt
            ? new Transition(state, BudgetStatus.Replayed)
            : new Transition(state, BudgetStatus.Applied) { Reservation = reservation with { ExpiresAt = expiresAt } };
    }

    private static Transition End(
        ReservationCommand command, BudgetState state, Budget budget, Reservation reservation, ReservationEnd end, Money charge)
    {
        var now = state.Now ?? command.At;
        var forfeitsAgain = end == ReservationEnd.Forfeited && reservation.End == end;
        if (reservation.End == end && (charge == reservation.Charged || (forfeitsAgain && charge < reservation.Charged)))
        {
            return new Transition(state, BudgetStatus.Replayed) { Left = LeftOf(budget, state.Tree.Accounts, now) };
        }

        var corrects = reservation.End == ReservationEnd.Forfeited;
        if (reservation.End != ReservationEnd.None && !corrects)
        {
            return new Transition(state, BudgetStatus.Ended);
        }

        var next = corrects
            ? budget with { Spent = budget.Spent - reservation.Charged + charge }
            : budget with
            {
                Held = budget.Held - reservation.Held,
                Spent = budget.Spent + charge,
                InFlight = budget.InFlight - 1,

                // Never more than is in flight, should an earlier version, which knows of no batches, have ended one.
                Batches = Math.Min(budget.Batches - (reservation.Requests is null ? 0 : 1), budget.InFlight - 1),
            };
        var ended = reservation with { End = end, Charged = charge, EndedAt = EndedAt(reservation, charge, now) };
        var kind = corrects ? LedgerEntryKind.Corrected : end switch
        {
            ReservationEnd.Settled => LedgerEntryKind.Settled,
            ReservationEnd.Released => LedgerEntryKind.Released,
            _ => LedgerEntryKind.Forfeited,
        };
        IReadOnlyList<Account> accounts = [.. AccountsOf(reservation, state).Select(account => AccountRules.Book(account, reservation, charge, now))];
        return new Transition(state, BudgetStatus.Applied)
        {
            Budget = next,
            Reservation = ended,
            Accounts = accounts,
            Entry = LedgerEntry.Of(kind, command, next, ended, charge),
            Left = LeftOf(next, accounts, now),
        };
    }

    /// <summary>The least that is left. Of a window that has ended meanwhile it is the whole of the next, in which nothing of this call is booked.</summary>
    private static Money? LeftOf(Budget budget, IReadOnlyList<Account> accounts, DateTimeOffset now)
    {
        var within = budget.AsOf(now);
        var left = accounts.Select(account => now >= account.Until ? account.Amount - account.Raises.Total : account.Attainable).ToList();
        if (within.IsSet)
        {
            left.Add(within.Remaining);
        }

        return left.Count == 0 ? null : left.Min();
    }

    /// <summary>When what is charged counts from: a correction that gives back does not move it.</summary>
    private static DateTimeOffset EndedAt(Reservation before, Money charge, DateTimeOffset now) =>
        before.EndedAt is { } at && (charge < before.Charged || at > now) ? at : now;

    private static IEnumerable<Account> AccountsOf(Reservation reservation, BudgetState state) => reservation.Accounts.Select(key =>
        state.Tree.Accounts.FirstOrDefault(account => account.Key == key)
        ?? throw new ArgumentException($"Reservation '{reservation.Id}' is there, and its account of {key.Limit} at '{key.Node}' is not.", nameof(state)));

    private static bool IsSame(Reserve command, Reservation existing) =>
        command.Agent == existing.Agent
        && command.Run == existing.Run
        && string.Equals(command.Model, existing.Model, StringComparison.Ordinal)
        && string.Equals(command.Function, existing.Function, StringComparison.Ordinal)
        && string.Equals(command.Unbounded, existing.Unbounded, StringComparison.Ordinal)
        && command.Requests == existing.Requests
        && string.Equals(command.Cards, existing.Cards, StringComparison.Ordinal)
        && command.Floor == existing.Floor
        && command.Ceiling == existing.Ceiling;
}
