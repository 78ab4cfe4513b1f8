using SpendGuard.Budgets;

namespace SpendGuard.Calls.Runs;

/// <summary>What one run may cost in all, what of it is spent and what is held: an account in this process, by the rules of budgets.</summary>
/// <param name="run">The run.</param>
/// <param name="budget">What it may cost, before its first call.</param>
/// <param name="outer">The run that it is within; null where there is none.</param>
internal sealed class RunAccount(RunId run, Budget budget, RunAccount? outer)
{
    /// <summary>One for a run and all that are within it, so that a call counts in all of them in one step.</summary>
    private readonly Lock _gate = outer?._gate ?? new Lock();

    private Budget _budget = budget;

    public RunId Run => run;

    /// <summary>What it has, at one moment.</summary>
    public Budget Budget
    {
        get
        {
            lock (_gate)
            {
                return _budget;
            }
        }
    }

    /// <summary>This one and those around it.</summary>
    public IEnumerable<RunAccount> WithOuter
    {
        get
        {
            for (var account = this; account is not null; account = account.Outer)
            {
                yield return account;
            }
        }
    }

    private RunAccount? Outer => outer;

    /// <summary>Whether a hold would fit if all that is held came back, in this run and all around it.</summary>
    public bool CanFit(Reserve command)
    {
        lock (_gate)
        {
            return WithOuter.All(account => command.Floor <= account._budget.Attainable);
        }
    }

    /// <summary>Holds the most that fits between a floor and a ceiling in this run and all around it, or nothing in any.</summary>
    public RunAnswer Hold(Reserve command)
    {
        lock (_gate)
        {
            var fits = command;
            RunAnswer? refusal = null;
            foreach (var account in WithOuter)
            {
                var met = account.Decide(fits, reservation: null);
                if (met is { Status: BudgetStatus.Applied, Reservation: { } held })
                {
                    fits = fits with { Ceiling = held.Held };
                }
                else if (refusal is null || met.Status == BudgetStatus.Insufficient)
                {
                    refusal = new RunAnswer(met.Status, Hold: null, account, account._budget);
                }
            }

            return refusal ?? new RunAnswer(
                BudgetStatus.Applied, new RunHold(_gate, [.. WithOuter.Select(account => new RunPart(account, fits))]), this, _budget);
        }
    }

    /// <summary>Books a command; under the lock.</summary>
    /// <returns>The reservation after it.</returns>
    internal Reservation Book(BudgetCommand command, Reservation? reservation)
    {
        var transition = Decide(command, reservation);
        _budget = transition.Budget ?? _budget;
        return transition.Reservation ?? reservation!;
    }

    /// <summary>Gives back what of a hold turned out not to be needed; under the lock.</summary>
    internal Reservation Lower(Reservation reservation, Money held)
    {
        _budget = _budget with { Held = _budget.Held - reservation.Held + held };
        return reservation with { Held = held };
    }

    /// <summary>Books a cost that no amount can express together with what was spent before: as much as one can, which closes the run; under the lock.</summary>
    internal Reservation BookAll(Reservation reservation)
    {
        _budget = _budget with { Spent = Money.MaxValue, Held = _budget.Held - (reservation.End == ReservationEnd.None ? reservation.Held : Money.Zero) };
        return reservation with { End = ReservationEnd.Settled };
    }

    private Transition Decide(BudgetCommand command, Reservation? reservation) =>
        BudgetRules.Decide(command, new BudgetState { Budget = _budget, Reservation = reservation });
}
