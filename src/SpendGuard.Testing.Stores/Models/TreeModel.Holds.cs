using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <content>Windows, what was held in them, and how that ended.</content>
internal sealed partial class TreeModel
{
    private static readonly long NoLimit = Money.MaxValue.Microcents;

    private TreeOutcome TryHold(Reserve reserve)
    {
        var (id, agent) = (reserve.Id.Value, reserve.Agent.Value);
        if (HoldOf(id) is { } same)
        {
            var replay = (same.Agent, same.Run, same.Floor, same.Ceiling) == (agent, reserve.Run?.Value, reserve.Floor.Microcents, reserve.Ceiling.Microcents);
            return same.Agent == agent
                ? Tell(replay ? BudgetStatus.Replayed : BudgetStatus.Conflict, same)
                : new TreeOutcome(BudgetStatus.Conflict, Balance(agent), null, null, null);
        }

        var budget = Balance(agent);
        var limits = WithAbove(agent).SelectMany(node => LimitsOf(node), (node, limit) => (node, limit)).ToList();
        if (!Exists(agent) || IsGroup(agent) || (limits.Count == 0 && budget is not { IsSet: true }))
        {
            return Tell(BudgetStatus.NoBudget, agent) with { Node = null };
        }

        if (WithAbove(agent).FirstOrDefault(node => PauseOf(node) is not null) is { } paused)
        {
            return Tell(BudgetStatus.Paused, agent) with { Node = Sight(paused) };
        }

        var windows = limits.Select(pair => WindowOf(pair.node, pair.limit, reserve.At)).ToList();
        if (RunWindow(reserve) is { } run)
        {
            windows.Insert(0, run);
            if (reserve.RunLimit is { } said && said.Microcents != run.Amount)
            {
                return Tell(BudgetStatus.OtherRunLimit, agent) with { Node = null, Refusal = Refusal(run, reserve.At) };
            }
        }

        var needed = reserve.Whole ? reserve.Ceiling.Microcents : reserve.Floor.Microcents;
        var left = budget is { IsSet: true } b ? Math.Min(b.Granted - b.Owed - b.Spent, b.Limit + b.Raised) : NoLimit;
        var tightest = windows.OrderBy(window => window.Amount - Spent(window.Opened.Place, reserve.At)).FirstOrDefault();
        var leastLeft = tightest is null ? NoLimit : tightest.Amount - Spent(tightest.Opened.Place, reserve.At);
        if (needed > Math.Min(left, leastLeft))
        {
            if (!reserve.IsTentative && needed > left && ActionOf(agent) == LimitAction.Pause)
            {
                _facts.Add(new Stopped(agent, "breaker"));
                return Tell(BudgetStatus.Paused, agent) with { Node = Sight(agent) };
            }

            var full = windows.Where(window => window.Action == LimitAction.Pause && needed > window.Amount - Spent(window.Opened.Place, reserve.At));
            if (!reserve.IsTentative && full.FirstOrDefault() is { } breaker)
            {
                _facts.Add(new Stopped(breaker.Opened.Place.Node, "breaker"));
                return Tell(BudgetStatus.Paused, agent) with { Node = Sight(breaker.Opened.Place.Node), Refusal = Refusal(breaker, reserve.At) };
            }

            var culprit = leastLeft < left ? tightest : null;
            if (!reserve.IsTentative && (culprit?.Action ?? ActionOf(agent)) == LimitAction.Ask)
            {
                Open(culprit);
                Ask(culprit?.Opened.Place ?? new Place(agent, Total, 0));
            }

            return Tell(BudgetStatus.Insufficient, agent) with { Node = null, Refusal = culprit is null ? null : Refusal(culprit, reserve.At) };
        }

        var free = budget is { IsSet: true } c ? c.Granted - c.Owed - c.Spent - c.Held : NoLimit;
        var fullest = windows.OrderBy(window => Free(window, reserve.At)).FirstOrDefault();
        var leastFree = fullest is null ? NoLimit : Free(fullest, reserve.At);
        if (needed > Math.Min(free, leastFree))
        {
            return Tell(BudgetStatus.Locked, agent) with { Node = null, Refusal = leastFree < free ? Refusal(fullest!, reserve.At) : null };
        }

        var counted = CountedAs(reserve);
        if (counted is not null && InARow(reserve, counted) + 1 >= MostOn(reserve))
        {
            _facts.Add(new Tripped(agent, reserve.Run!.Value.Value));
            _facts.Add(new Stopped(agent, "breaker"));
            return Tell(BudgetStatus.Paused, agent) with { Node = Sight(agent) };
        }

        windows.ForEach(Open);

        var hold = new Hold(
            id, agent, reserve.Run?.Value, reserve.Floor.Microcents, reserve.Ceiling.Microcents,
            Math.Min(reserve.Ceiling.Microcents, Math.Min(free, leastFree)), [.. windows.Select(window => window.Opened.Place)], reserve.At)
        {
            Counted = counted,
        };
        _facts.Add(hold);
        return Tell(BudgetStatus.Applied, hold);
    }

    private void Open(Window? window)
    {
        if (window is not null && !_facts.OfType<Opened>().Any(opened => opened.Place == window.Opened.Place))
        {
            _facts.Add(window.Opened);
        }
    }

    private TreeOutcome End(ReservationCommand command, ReservationEnd how, long charge)
    {
        var hold = HoldOf(command.Id.Value)!;
        var last = LastEnd(hold.Id);
        var isForfeit = last?.How == ReservationEnd.Forfeited;
        if (last is not null && last.How == how && (last.Charge == charge || (isForfeit && charge < last.Charge)))
        {
            return Tell(BudgetStatus.Replayed, hold);
        }

        if (last is not null && !isForfeit)
        {
            return Tell(BudgetStatus.Ended, hold);
        }

        _facts.Add(new Ending(hold.Id, how, charge, command.At));
        return Tell(BudgetStatus.Applied, hold);
    }

    private TreeOutcome Tell(BudgetStatus status, Hold hold)
    {
        var places = new AccountKeys(hold.Places.Select(place => new AccountKey(place.Node, place.Limit, place.Number)));
        var last = LastEnd(hold.Id);
        return new TreeOutcome(
            status, Balance(hold.Agent), (hold.Id, hold.Amount, last?.How ?? ReservationEnd.None, last?.Charge ?? 0, places.ToString()), null, null);
    }

    private Hold? HoldOf(string id) => _facts.OfType<Hold>().FirstOrDefault(hold => hold.Id == id);

    private Ending? LastEnd(string id) => _facts.OfType<Ending>().LastOrDefault(ending => ending.Id == id);

    /// <summary>The window of a limit that a call at a time is held in: the last one, or where that is over the next.</summary>
    private Window WindowOf(string node, Limit limit, DateTimeOffset at)
    {
        var opened = LastOf(node, limit.Window.Name);
        if (opened is null || Until(opened.Place) <= at)
        {
            var (from, until) = limit.Window is { Period: { } period, Zone: { } zone } ? _calendar.WindowAt(period, zone, at) : (at, default(DateTimeOffset?));
            opened = new Opened(new Place(node, limit.Window.Name, (opened?.Place.Number ?? 0) + 1), from, until, limit.Window.Length, RunLimit: null);
        }

        return new Window(opened, limit.Amount.Microcents + RaisesIn(opened.Place, at).Sum(raise => raise.Amount), limit.Action);
    }

    private Window? RunWindow(Reserve reserve)
    {
        if (reserve.Run is not { } run)
        {
            return null;
        }

        var opened = LastOf(reserve.Agent.Value, $"run:{run}")
            ?? (reserve.RunLimit is { } most ? new Opened(new Place(reserve.Agent.Value, $"run:{run}", 1), reserve.At, null, null, most.Microcents) : null);
        return opened is null ? null : new Window(opened, opened.RunLimit!.Value, LimitAction.Refuse);
    }

    private LimitSight SightOf(string node, Limit limit, DateTimeOffset at)
    {
        var window = WindowOf(node, limit, at);
        var place = window.Opened.Place;
        return new LimitSight(limit, place.Number, Until(place) ?? window.Opened.Until, window.Amount, Spent(place, at), Held(place));
    }

    private (string, string, int, long, long, long)? Refusal(Window window, DateTimeOffset at)
    {
        var place = window.Opened.Place;
        return (place.Node, place.Limit, place.Number, window.Amount, Spent(place, at), Held(place));
    }

    private Opened? LastOf(string node, string limit) => _facts.OfType<Opened>().LastOrDefault(opened => opened.Place.Node == node && opened.Place.Limit == limit);

    private DateTimeOffset? Until(Place place) =>
        _facts.OfType<Rezoned>().LastOrDefault(rezoned => rezoned.Place == place)?.Until ?? _facts.OfType<Opened>().FirstOrDefault(opened => opened.Place == place)?.Until;

    private IEnumerable<Hold> HoldsIn(Place place) => _facts.OfType<Hold>().Where(hold => hold.Places.Contains(place));

    private long Held(Place place) => HoldsIn(place).Where(hold => LastEnd(hold.Id) is null).Sum(hold => hold.Amount);

    private long Free(Window window, DateTimeOffset at) => window.Amount - Spent(window.Opened.Place, at) - Held(window.Opened.Place);

    private long Spent(Place place, DateTimeOffset at)
    {
        var length = _facts.OfType<Opened>().FirstOrDefault(opened => opened.Place == place)?.Length;
        return HoldsIn(place).Select(hold => Booked(hold.Id)).OfType<(long Charge, DateTimeOffset At)>()
            .Where(booked => length is null || at - booked.At < length).Sum(booked => booked.Charge);
    }

    /// <summary>What a call is booked at, and since when that counts: what gives back does not make it count anew, nor from earlier on.</summary>
    private (long Charge, DateTimeOffset At)? Booked(string id)
    {
        (long Charge, DateTimeOffset At)? booked = null;
        foreach (var ending in _facts.OfType<Ending>().Where(ending => ending.Id == id))
        {
            booked = (ending.Charge, booked is { } before && (ending.Charge < before.Charge || ending.At < before.At) ? before.At : ending.At);
        }

        return booked;
    }

    /// <summary>Whether a provider has billed more than was held in it, or what was forfeited long ago has been booked anew.</summary>
    public bool HasOverrun(Place place) => HoldsIn(place).Any(hold => _facts.OfType<Ending>().Where(ending => ending.Id == hold.Id).ToList() is var ends
        && (ends.Exists(ending => ending.Charge > hold.Amount) || ends.Zip(ends.Skip(1)).Any(pair => pair.Second.Charge >= pair.First.Charge)));

    private sealed record Window(Opened Opened, long Amount, LimitAction Action);
}
