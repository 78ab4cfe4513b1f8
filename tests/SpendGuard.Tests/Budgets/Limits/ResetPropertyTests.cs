using CsCheck;
using SpendGuard.Budgets;

namespace SpendGuard.Tests.Budgets.Limits;

/// <summary>When a limit has room again, against looking at each instant at which anything changes.</summary>
public sealed class ResetPropertyTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly NodeId Team = new("team");
    private static readonly AgentId Caller = new("agent");
    private static readonly Node Agent = new() { Id = Caller, Kind = NodeKind.Agent, CreatedAt = Noon };

    private static readonly Gen<Account> Rolling = Gen.Select(
        Gen.Int[0, 20],
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 200].Nullable()).Array[0, 3],
        Gen.Select(Gen.Int[-70, 0], Gen.Int[0, 15]).Array[0, 5],
        (amount, raises, spent) => raises.Aggregate(
            spent.OrderBy(one => one.Item1).Aggregate(
                AccountRules.Open(Team, Limit.Rolling(Cents(amount), Hour), null, Noon.AddMinutes(-70)), (account, one) => Spend(account, Noon.AddMinutes(one.Item1), one.Item2)),
            (account, raise) => AccountRules.Raised(account, new Raise(Cents(raise.Item1), raise.Item2 is { } minutes ? Noon.AddMinutes(minutes) : null))));

    [Fact]
    public void ResetsAt_IsTheFirstInstantAtWhichTheAmountFits() => Gen.Select(Rolling, Gen.Int[0, 40]).Sample((account, needed) =>
    {
        // What counts, and what is raised, changes at the end of a slice, which is a minute here, and of a raise.
        var instants = Enumerable.Range(0, 300).SelectMany(minute => new[] { Noon.AddMinutes(minute), Noon.AddMinutes(minute + 1).AddTicks(-1) });
        DateTimeOffset? first = instants.Where(at => Fits(account, Cents(needed), at)).Select(at => (DateTimeOffset?)at).FirstOrDefault();

        Assert.Equal(first == Noon ? null : first, AccountRules.ResetsAt(account, Cents(needed), Noon));
    });

    [Fact]
    public void FitsAt_IsTheFirstInstantAtWhichAllThatLimitsTheCallHasRoom() =>
        Gen.Select(Rolling, Rolling, Gen.Select(Gen.Int[0, 40], Gen.Int[0, 10], Gen.Int[0, 40].Nullable()), Gen.Int[0, 40]).Sample((one, other, rest, needed) =>
        {
            var (day, raised, granted) = rest;
            LimitState[] limits = [Known(Limit.Rolling(one.Amount - one.Raises.Total, Hour), one), Known(Limit.Rolling(other.Amount - other.Raises.Total, Hour), other), Day(day, raised)];
            var budget = new Budget { Agent = Caller, HardLimit = Cents(40), Granted = Cents(granted ?? 0), IsSet = granted is not null };
            var command = new Reserve(new ReservationId("call"), Caller, null, null, Cents(needed), Cents(needed), Noon, Noon);
            var state = new BudgetState { Budget = budget, Tree = new TreeState { Path = [new NodeState(Agent, limits)] } };

            var next = limits[2].Account!.Until!.Value;
            var instants = Enumerable.Range(0, 300).SelectMany(minute => new[] { Noon.AddMinutes(minute), Noon.AddMinutes(minute + 1).AddTicks(-1) }).Append(next);
            DateTimeOffset? first = instants.Where(at => limits.All(limit => Cents(needed) <= AccountRules.Open(Caller, limit.Limit, limit.Account, at).Attainable))
                .Select(at => (DateTimeOffset?)at).FirstOrDefault();

            Assert.Equal(first == Noon || needed > (granted ?? needed) ? null : first, HoldPath.Of(command, state, Noon).FitsAt(Cents(needed), Noon));
        });

    [Fact]
    public void WindowOfTheCalendar_HasNoRoomForWhatOnlyARaiseHad()
    {
        var day = AccountRules.Open(Team, Limit.PerDay(Cents(10), "Europe/Berlin"), null, Noon);
        var raised = Spend(AccountRules.Raised(day, new Raise(Cents(5), day.Until)), Noon, 15);

        Assert.Equal(day.Until, AccountRules.FitsFrom(raised, Cents(10), Noon));
        Assert.Null(AccountRules.FitsFrom(raised, Cents(11), Noon));
        Assert.Equal(day.Until, AccountRules.ResetsAt(raised, Cents(11), Noon));
    }

    [Fact]
    public void Sentence_NamesNoMomentBeforeThereIsRoom()
    {
        var rolling = AccountRules.Open(Team, Limit.Rolling(Cents(5), Hour), null, Noon);

        Assert.Equal("So much is free again at 2026-01-01 12:00:01Z, if nothing else is spent. ", AccountSentence.Reset(rolling, Noon.AddTicks(1)));
        Assert.Equal("So much is free again at 2026-01-01 12:00:01Z, if nothing else is spent. ", AccountSentence.Reset(rolling, Noon.AddSeconds(1)));
    }

    private static LimitState Day(int spent, int raised)
    {
        var limit = Limit.PerDay(Cents(20), "Europe/Berlin");
        var open = AccountRules.Open(Team, limit, null, Noon);
        return Known(limit, Spend(AccountRules.Raised(open, new Raise(Cents(raised), open.Until)), Noon, spent));
    }

    private static LimitState Known(Limit limit, Account account) => new(limit, account);

    private static bool Fits(Account account, Money needed, DateTimeOffset at) => needed <= AccountRules.At(account, at).Attainable;

    private static Account Spend(Account account, DateTimeOffset at, int cents)
    {
        var call = Call(at);
        return AccountRules.Book(AccountRules.Hold(account, call.Held), call, Cents(cents), at);
    }

    private static Reservation Call(DateTimeOffset at) => new()
    {
        Id = new ReservationId("call"),
        Agent = Caller,
        Floor = Money.Zero,
        Ceiling = Money.Zero,
        Held = Money.Zero,
        CreatedAt = at,
        ExpiresAt = at,
    };

    private static Money Cents(int cents) => Money.FromCents(cents);
}
