using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <summary>What a test compares of an answer.</summary>
internal sealed record Outcome(
    BudgetStatus Status, (long Limit, long Granted, long Spent, long Held, int InFlight, int Batches, int? Max, int? Share)? Balance,
    (string Id, long Held, ReservationEnd End, long Charged, DateTimeOffset ExpiresAt, int? Requests, string? Name, string? Cards)? Reservation)
{
    public static Outcome Of(BudgetAnswer answer) => new(
        answer.Status,
        answer.Budget is { } b
            ? (b.HardLimit.Microcents, b.Granted.Microcents, b.Spent.Microcents, b.Held.Microcents, b.InFlight, b.Batches, b.MaxInFlight, b.MaxCallShare)
            : null,
        answer.Reservation is { } r ? (r.Id.Value, r.Held.Microcents, r.End, r.Charged.Microcents, r.ExpiresAt, r.Requests, r.Name, r.Cards) : null);
}

/// <summary>
/// The rules a second time, the slow way: nothing but a list of what happened, from which every balance is added up anew. It shares no
/// code with <see cref="BudgetRules"/>, so that an error would have to be made twice.
/// </summary>
internal sealed partial class BudgetModel
{
    private readonly List<Fact> _facts;

    public BudgetModel()
        : this([])
    {
    }

    private BudgetModel(List<Fact> facts) => _facts = facts;

    /// <summary>How many ledger entries there must be.</summary>
    public int Entries => _facts.Count(fact => fact is not (Extension or Cut or Naming));

    public BudgetModel Clone() => new([.. _facts]);

    /// <summary>
    /// Promise 8: no more remains than the limit allows, or than calls in flight hold. Promise 2: what is spent and held never exceeds what
    /// was granted, unless a provider billed more than was held.
    /// </summary>
    public bool Holds(AgentId agent) => KeepsItsLimit(agent) && NeverExceedsItsGrant(agent);

    private bool KeepsItsLimit(AgentId agent) =>
        Granted(agent) - Spent(agent) is var remaining && (remaining <= Limit(agent) || remaining <= Held(agent));

    private bool NeverExceedsItsGrant(AgentId agent) =>
        Spent(agent) + Held(agent) <= Granted(agent)
        || _facts.OfType<Ending>().Any(ending => HoldOf(ending.Id)!.Agent == agent && ending.Charge > HoldOf(ending.Id)!.Amount);

    public Outcome Apply(BudgetCommand command) => command switch
    {
        SetBudget set => Set(set),
        Reserve reserve => TryHold(reserve),
        ReservationCommand end when HoldOf(end.Id) is null => new Outcome(BudgetStatus.NoReservation, null, null),
        Renew renew => Extend(renew),
        Name name => Christen(name),
        Forfeit { OnlyIfExpired: true } forfeit when Last(forfeit.Id) is null && Expiry(forfeit.Id) > forfeit.At =>
            Tell(BudgetStatus.NotExpired, HoldOf(forfeit.Id)!),
        Settle settle => End(settle, ReservationEnd.Settled, settle.Charge.Microcents),
        Release release => End(release, ReservationEnd.Released, 0),
        Forfeit forfeit => End(forfeit, ReservationEnd.Forfeited, Math.Max(HoldOf(forfeit.Id)!.Amount, forfeit.Known.Microcents)),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    private Outcome Set(SetBudget set)
    {
        var wish = (set.HardLimit.Microcents, set.TopUp.Microcents, set.MaxInFlight, set.MaxCallShare);
        if (set.IdempotencyKey is { } key && Grants(set.Agent).FirstOrDefault(grant => grant.Key == key) is { } before)
        {
            return Tell(before.Wish == wish ? BudgetStatus.Replayed : BudgetStatus.Conflict, set.Agent);
        }

        var limit = set.HardLimit.Microcents;
        var remaining = Granted(set.Agent) - Spent(set.Agent);
        long target;
        if (!Grants(set.Agent).Any())
        {
            target = set.TopUp == Money.Zero || set.TopUp.Microcents > limit ? limit : set.TopUp.Microcents;
        }
        else
        {
            target = remaining + set.TopUp.Microcents;
            if (target > limit)
            {
                var promised = Held(set.Agent) < remaining ? Held(set.Agent) : remaining;
                target = promised > limit ? promised : limit;
            }
        }

        var atOnce = Grants(set.Agent).Select(grant => grant.Max).Append(set.MaxInFlight).LastOrDefault(max => max is not null);
        var share = Grants(set.Agent).Select(grant => grant.Share).Append(set.MaxCallShare).LastOrDefault(part => part is not null);
        _facts.Add(new Grant(set.Agent, target - remaining, limit, atOnce, share, set.IdempotencyKey, wish));
        return Tell(BudgetStatus.Applied, set.Agent);
    }

    private Outcome TryHold(Reserve reserve)
    {
        if (HoldOf(reserve.Id) is { } same)
        {
            var replay = same.Agent == reserve.Agent && same.Run == reserve.Run && same.Model == reserve.Model
                && same.Floor == reserve.Floor.Microcents && same.Ceiling == reserve.Ceiling.Microcents
                && same.Requests == reserve.Requests && same.Cards == reserve.Cards;
            return same.Agent == reserve.Agent
                ? Tell(replay ? BudgetStatus.Replayed : BudgetStatus.Conflict, same)
                : Tell(BudgetStatus.Conflict, reserve.Agent);
        }

        if (!Grants(reserve.Agent).Any())
        {
            return Tell(BudgetStatus.NoBudget, reserve.Agent);
        }

        var unspent = Granted(reserve.Agent) - Spent(reserve.Agent);
        var free = unspent - Held(reserve.Agent);
        if (unspent < reserve.Floor.Microcents || Limit(reserve.Agent) < reserve.Floor.Microcents)
        {
            return Tell(BudgetStatus.Insufficient, reserve.Agent);
        }

        var wholeAtBest = Part(reserve, Math.Min(unspent, Limit(reserve.Agent))) == reserve.Ceiling.Microcents;
        if (reserve.Whole && !wholeAtBest)
        {
            return Tell(BudgetStatus.Insufficient, reserve.Agent);
        }

        var part = Part(reserve, free);
        var ordinary = Math.Min(Math.Min(reserve.Ordinary.Microcents, reserve.Ceiling.Microcents), Math.Min(unspent, Limit(reserve.Agent)));
        var waitsForMore = Grants(reserve.Agent).Last().Share is not null && free < ordinary && Flying(reserve.Agent).Any(hold => hold.Requests == null);
        if (free < reserve.Floor.Microcents || waitsForMore || (reserve.Whole && part < reserve.Ceiling.Microcents)
            || (reserve.Requests == null && Flying(reserve.Agent).Count(hold => hold.Requests == null) >= (Grants(reserve.Agent).Last().Max ?? int.MaxValue)))
        {
            return Tell(BudgetStatus.Locked, reserve.Agent);
        }

        var hold = new Hold(
            reserve.Id, reserve.Agent, reserve.Run, reserve.Model, reserve.Floor.Microcents, reserve.Ceiling.Microcents,
            part, reserve.ExpiresAt, reserve.Requests, reserve.Cards);
        _facts.Add(hold);
        return Tell(BudgetStatus.Applied, hold);
    }

    /// <summary>A call's part of what is free: its share, unless an ordinary answer needs more, and no more than it asks for. All of it for a batch.</summary>
    private long Part(Reserve reserve, long free)
    {
        var part = reserve.Requests is null ? (long)Math.Floor(free * ((Grants(reserve.Agent).Last().Share ?? 100) / 100m)) : free;
        var needed = Math.Max(reserve.Floor.Microcents, Math.Min(reserve.Ordinary.Microcents, free));
        return Math.Min(Math.Max(part, needed), reserve.Ceiling.Microcents);
    }

    private Outcome Christen(Name name)
    {
        var hold = HoldOf(name.Id)!;
        var isFree = _facts.OfType<Naming>().All(naming => naming.Id != name.Id && naming.As != name.As);
        var isDone = _facts.Contains(new Naming(name.Id, name.As));
        if (isFree)
        {
            _facts.Add(new Naming(name.Id, name.As));
        }

        return Tell(isFree ? BudgetStatus.Applied : isDone ? BudgetStatus.Replayed : BudgetStatus.Conflict, hold);
    }

    private Outcome Extend(Renew renew)
    {
        var hold = HoldOf(renew.Id)!;
        if (Last(renew.Id) is not null)
        {
            return Tell(BudgetStatus.Ended, hold);
        }

        if (renew.ExpiresAt <= Expiry(renew.Id))
        {
            return Tell(BudgetStatus.Replayed, hold);
        }

        _facts.Add(new Extension(renew.Id, renew.ExpiresAt));
        return Tell(BudgetStatus.Applied, hold);
    }

    private Outcome End(ReservationCommand command, ReservationEnd how, long charge)
    {
        var hold = HoldOf(command.Id)!;
        var last = Last(command.Id);
        var guessesAgain = last?.How == ReservationEnd.Forfeited && how == ReservationEnd.Forfeited;
        if (last is not null && last.How == how && (last.Charge == charge || (guessesAgain && last.Charge > charge)))
        {
            return Tell(BudgetStatus.Replayed, hold);
        }

        // Only a guess of what a call cost gives way: to what it did cost, or to a greater guess.
        if (last is null || last.How == ReservationEnd.Forfeited)
        {
            _facts.Add(new Ending(command.Id, how, charge));
            CutWhatTheLimitNoLongerAllows(hold.Agent);
            return Tell(BudgetStatus.Applied, hold);
        }

        return Tell(BudgetStatus.Ended, hold);
    }

    /// <summary>What an end gives back is lost where the limit was lowered while the call was in flight.</summary>
    private void CutWhatTheLimitNoLongerAllows(AgentId agent)
    {
        var remaining = Granted(agent) - Spent(agent);
        var stays = Limit(agent) > Held(agent) ? Limit(agent) : Held(agent);
        if (remaining > stays)
        {
            _facts.Add(new Cut(agent, remaining - stays));
        }
    }

    private Outcome Tell(BudgetStatus status, Hold hold) => Tell(status, hold.Agent) with
    {
        Reservation = (hold.Id.Value, hold.Amount, Last(hold.Id)?.How ?? ReservationEnd.None, Last(hold.Id)?.Charge ?? 0, Expiry(hold.Id),
            hold.Requests, _facts.OfType<Naming>().SingleOrDefault(naming => naming.Id == hold.Id)?.As, hold.Cards),
    };

    private Outcome Tell(BudgetStatus status, AgentId agent) => new(
        status,
        Grants(agent).LastOrDefault() is { } grant
            ? (grant.Limit, Granted(agent), Spent(agent), Held(agent), Flying(agent).Count(),
                Flying(agent).Count(hold => hold.Requests != null), grant.Max, grant.Share)
            : null,
        null);

    private IEnumerable<Grant> Grants(AgentId agent) => _facts.OfType<Grant>().Where(grant => grant.Agent == agent);

    private IEnumerable<Hold> Holdings(AgentId agent) => _facts.OfType<Hold>().Where(hold => hold.Agent == agent);

    private IEnumerable<Hold> Flying(AgentId agent) => Holdings(agent).Where(hold => Last(hold.Id) is null);

    private long Limit(AgentId agent) => Grants(agent).Last().Limit;

    private long Granted(AgentId agent) =>
        Grants(agent).Sum(grant => grant.Delta) - _facts.OfType<Cut>().Where(cut => cut.Agent == agent).Sum(cut => cut.Amount);

    private long Spent(AgentId agent) => Holdings(agent).Sum(hold => Last(hold.Id)?.Charge ?? 0);

    private long Held(AgentId agent) => Flying(agent).Sum(hold => hold.Amount);

    private Hold? HoldOf(ReservationId id) => _facts.OfType<Hold>().FirstOrDefault(hold => hold.Id == id);

    private Ending? Last(ReservationId id) => _facts.OfType<Ending>().LastOrDefault(ending => ending.Id == id);

    private DateTimeOffset Expiry(ReservationId id) =>
        _facts.OfType<Extension>().Where(extension => extension.Id == id).Select(extension => extension.To)
            .Append(HoldOf(id)!.ExpiresAt).Max();
}
