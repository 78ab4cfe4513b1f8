using CsCheck;
using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <summary>Random commands over so few agents, ids and amounts that they meet all the time.</summary>
internal static class CommandGen
{
    private static readonly string[] Keys = ["k1", "k2"];

    /// <summary>Makes a command within a prefix of its own, so that many samples can share one store.</summary>
    public delegate BudgetCommand Template(string prefix);

    private static readonly Gen<string> Agent = Gen.Int[0, 2].Select(i => $"agent {i}");
    private static readonly Gen<string> Id = Gen.Int[0, 7].Select(i => $"call {i}");
    private static readonly Gen<Money> Small = Gen.Long[0, 30].Select(Money.FromMicrocents);
    private static readonly Gen<DateTimeOffset> Time = Gen.Int[0, 20].Select(StoreSteps.Second);

    private static readonly Gen<Template> Set =
        from agent in Agent
        from limit in Gen.Long[0, 120].Select(Money.FromMicrocents)
        from topUp in Gen.Frequency((1, Gen.Const(Money.Zero)), (2, Small))
        from max in Gen.Frequency((3, Gen.Const((int?)null)), (1, Gen.Int[1, 3].Select(i => (int?)i)))
        from share in Gen.Frequency((2, Gen.Const((int?)null)), (1, Gen.Int[1, 100].Select(i => (int?)i)))
        from key in Gen.Frequency((3, Gen.Const((string?)null)), (1, Gen.Int[0, 1].Select(i => (string?)Keys[i])))
        select new Template(prefix => new SetBudget(prefix + agent, limit, topUp, max, key, StoreSteps.Start) { MaxCallShare = share });

    private static readonly Gen<Template> Reserve =
        from agent in Agent
        from id in Id
        from floor in Gen.Long[0, 15]
        from more in Gen.Long[0, 25]
        from ordinary in Gen.Frequency((1, Gen.Const(0L)), (2, Gen.Long[0, 40]))
        from whole in Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true)))
        from requests in Gen.Frequency((5, Gen.Const((int?)null)), (1, Gen.Int[1, 2].Select(i => (int?)i)))
        from cards in Gen.Frequency((2, Gen.Const("cards")), (1, Gen.Const("other cards")))
        from expires in Time
        select new Template(prefix => new Reserve(
            new ReservationId(prefix + id), prefix + agent, Run: null, "p:m", Money.FromMicrocents(floor), Money.FromMicrocents(floor + more),
            expires, StoreSteps.Start)
        {
            Whole = whole,
            Requests = requests,
            Cards = requests is null ? null : cards,
            Ordinary = Money.FromMicrocents(ordinary),
        });

    private static readonly Gen<Template> Settle =
        from id in Id
        from charge in Small
        from at in Time
        select new Template(prefix => new Settle(new ReservationId(prefix + id), charge, at));

    private static readonly Gen<Template> Release =
        from id in Id
        from at in Time
        select new Template(prefix => new Release(new ReservationId(prefix + id), at));

    private static readonly Gen<Template> Forfeit =
        from id in Id
        from known in Gen.Frequency((1, Gen.Const(Money.Zero)), (2, Gen.Long[0, 60].Select(Money.FromMicrocents)))
        from at in Time
        select new Template(prefix => new Forfeit(new ReservationId(prefix + id), OnlyIfExpired: false, at) { Known = known });

    private static readonly Gen<Template> Expire =
        from id in Id
        from at in Time
        select new Template(prefix => new Forfeit(new ReservationId(prefix + id), OnlyIfExpired: true, at));

    private static readonly Gen<Template> Renew =
        from id in Id
        from to in Time
        from at in Time
        select new Template(prefix => new Renew(new ReservationId(prefix + id), to, at));

    private static readonly Gen<Template> Name =
        from id in Id
        from name in Gen.Int[0, 4].Select(i => $"name {i}")
        from at in Time
        select new Template(prefix => new Name(new ReservationId(prefix + id), prefix + name, at));

    /// <summary>
    /// The same for a store that goes by a clock of its own, as if it stood still: a hold has expired when it is made, or it lives for hours. No
    /// two renewals are for as long, for the later one of them lasts longer.
    /// </summary>
    public static BudgetCommand AtOneMoment(BudgetCommand command, int place) => command switch
    {
        Reserve reserve => reserve with { ExpiresAt = StoreSteps.Start + Hours(reserve.ExpiresAt) },
        Renew renew => new Renew(renew.Id, StoreSteps.Start + Hours(renew.ExpiresAt) + TimeSpan.FromSeconds(3600 + (15 * place)), StoreSteps.Start),
        Forfeit forfeit => new Forfeit(forfeit.Id, forfeit.OnlyIfExpired, StoreSteps.Start) { Known = forfeit.Known },
        _ => command,
    };

    private static TimeSpan Hours(DateTimeOffset second) => (second - StoreSteps.Start) * 3600;

    /// <summary>Every command.</summary>
    public static Gen<Template> Any { get; } =
        Gen.Frequency((3, Set), (8, Reserve), (4, Settle), (1, Release), (1, Forfeit), (2, Expire), (2, Renew), (2, Name));

    /// <summary>The commands whose success leaves a ledger entry and whose answer does not depend on the clock.</summary>
    public static Gen<Template> Booked { get; } = Gen.Frequency((2, Set), (6, Reserve), (4, Settle), (1, Release), (1, Forfeit));
}
