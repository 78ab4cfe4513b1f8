using CsCheck;
using SpendGuard.Budgets;

namespace SpendGuard.Tests.Budgets.Limits;

/// <summary>When a limit has room again, against looking at each instant at which anything changes.</summary>
public sealed class ResetPropertyTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly NodeId Team = new("team");

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
    public void ResetOfAWindowOfTheCalendar_HasNoRoomForWhatOnlyARaiseHad()
    {
        var day = AccountRules.Open(Team, Limit.PerDay(Cents(10), "Europe/Berlin"), null, Noon);
        var raised = AccountRules.Raised(day, new Raise(Cents(5), day.Until));

        Assert.True(AccountRules.FitsOnceReset(raised, Cents(10)));
        Assert.False(AccountRules.FitsOnceReset(raised, Cents(11)));
        Assert.Equal(day.Until, AccountRules.ResetsAt(raised, Cents(11), Noon));
    }

    [Fact]
    public void Sentence_NamesNoMomentBeforeThereIsRoom()
    {
        var rolling = AccountRules.Open(Team, Limit.Rolling(Cents(5), Hour), null, Noon);

        Assert.Equal("So much is free again at 2026-01-01 12:00:01Z, if nothing else is spent. ", AccountSentence.Reset(rolling, Noon.AddTicks(1)));
        Assert.Equal("So much is free again at 2026-01-01 12:00:01Z, if nothing else is spent. ", AccountSentence.Reset(rolling, Noon.AddSeconds(1)));
    }

    private static bool Fits(Account account, Money needed, DateTimeOffset at) => needed <= AccountRules.At(account, at).Attainable;

    private static Account Spend(Account account, DateTimeOffset at, int cents)
    {
        var call = Call(at);
        return AccountRules.Book(AccountRules.Hold(account, call.Held), call, Cents(cents), at);
    }

    private static Reservation Call(DateTimeOffset at) => new()
    {
        Id = new ReservationId("call"),
        Agent = new AgentId("agent"),
        Floor = Money.Zero,
        Ceiling = Money.Zero,
        Held = Money.Zero,
        CreatedAt = at,
        ExpiresAt = at,
    };

    private static Money Cents(int cents) => Money.FromCents(cents);
}
