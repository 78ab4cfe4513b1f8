using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <content>
/// A store with a clock of its own opens windows by that: what a caller says of the time opens none. So each of these has two ends, one for
/// stores that take the time of the command, and one for stores that do not.
/// </content>
public abstract partial class BudgetStoreConformance
{
    private const int Hour = 3600;
    private const int Day = 24 * Hour;
    private const int Year = 366 * Day;

    [Fact]
    public async Task Window_ThatIsOver_KeepsItsHoldsAndTheirEnds()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)));
        await Store.ReserveAsync("agent", "r", 60, 60);
        await Store.ReserveAsync("agent", "late", 30, 30);
        await Store.ForfeitAsync("late");

        var next = await Store.ReserveAsync("agent", "next", 1, 90, at: Year, expires: 2 * Year);

        Assert.Equal(HasOwnClock ? 10 : 90, next.Reservation!.Held.Microcents);
        Assert.Equal(new AccountKeys([new AccountKey("team", "year", HasOwnClock ? 1 : 2)]), next.Reservation.Accounts);
        await Store.SettleAsync("r", 50, at: Year);
        await Store.SettleAsync("late", 5, at: Year);
        await Store.SettleAsync("next", 7, at: Year);
        await AssertTeamAsync(amount: 100, granted: 100, spent: HasOwnClock ? 62 : 7, held: 0);
    }

    /// <summary>What is sent together may go into one commit: an end in a window that is over changes nothing of what the others meet.</summary>
    [Fact]
    public async Task Window_ThatIsOver_WithAnEndBetweenTwoHoldsOfTheNext_KeepsBoth()
    {
        var agents = Enumerable.Range(0, 10).Select(i => $"agent {i}").ToList();
        foreach (var agent in agents)
        {
            await Store.AgentAsync(agent);
            await Store.LimitAsync(agent, Limit.PerYear(StoreSteps.Amount(100)));
            await Store.ReserveAsync(agent, agent + " before", 10, 10);
        }

        await Task.WhenAll(agents.SelectMany(agent => (Task[])
        [
            Store.ReserveAsync(agent, agent + " first", 20, 20, at: Year, expires: 2 * Year),
            Store.SettleAsync(agent + " before", 5, at: Year),
            Store.ReserveAsync(agent, agent + " second", 30, 30, at: Year, expires: 2 * Year),
        ]));

        foreach (var agent in agents)
        {
            var account = await Store.AccountAsync(agent, "year");
            Assert.Equal(HasOwnClock ? (1, 50, 5) : (2, 50, 0), (account.Number, account.Held.Microcents, account.Spent.Microcents));
        }
    }

    [Fact]
    public async Task Window_OfTheCalendar_BeginsAndEndsInItsZone()
    {
        // 2030-01-02 03:04:05 UTC is 12:04:05 in Tokyo, and 22:04:05 of the day before in New York.
        await Store.SetAsync("agent", 1000);
        await Store.LimitAsync("agent", Limit.PerDay(StoreSteps.Amount(100), "Asia/Tokyo"));
        await Store.LimitAsync("agent", Limit.PerMonth(StoreSteps.Amount(100), "America/New_York"));
        await Store.ReserveAsync("agent", "r", 10, 10);

        var (day, month) = (await Store.AccountAsync("agent", "day"), await Store.AccountAsync("agent", "month"));
        if (HasOwnClock)
        {
            Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromHours(15)), (day.Until - day.From, day.From.UtcDateTime.TimeOfDay));
            Assert.Equal(1, TimeZoneInfo.ConvertTime(month.From, TimeZoneInfo.FindSystemTimeZoneById("America/New_York")).Day);
            return;
        }

        Assert.Equal((Utc(2030, 1, 1, 15), Utc(2030, 1, 2, 15)), (day.From, day.Until));
        Assert.Equal((Utc(2030, 1, 1, 5), Utc(2030, 2, 1, 5)), (month.From, month.Until));

        // The last second of the window, and the first of the next.
        var last = (int)(Utc(2030, 1, 2, 15) - StoreSteps.Start).TotalSeconds - 1;
        Assert.Equal(1, (await Store.ReserveAsync("agent", "r2", 10, 10, at: last)).Reservation!.Accounts[0].Number);
        Assert.Equal(2, (await Store.ReserveAsync("agent", "r3", 10, 10, at: last + 1)).Reservation!.Accounts[0].Number);
        Assert.Equal((Utc(2030, 1, 2, 15), Utc(2030, 1, 3, 15)), (await Store.AccountAsync("agent", "day") is var open ? open.From : default, open.Until));
    }

    [Fact]
    public async Task Zone_OfAnOpenWindow_ChangesAtOnce_AndWhatItHasSpentStays()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100), "UTC"));
        await Store.ReserveAsync("agent", "r", 60, 60);
        var before = await Store.AccountAsync("team", "year");

        await Store.LimitAsync("team", Limit.PerYear(StoreSteps.Amount(100), "Asia/Tokyo"));
        var after = await Store.AccountAsync("team", "year");

        Assert.Equal(before with { Until = before.Until - TimeSpan.FromHours(9) }, after);
        await Store.LimitAsync("team", Limit.PerYear(StoreSteps.Amount(100), "America/New_York"));
        Assert.Equal(before with { Until = before.Until + TimeSpan.FromHours(5) }, await Store.AccountAsync("team", "year"));
        Assert.Equal(40, (await Store.ReserveAsync("agent", "r2", 1, 100)).Reservation!.Held.Microcents);
    }

    [Fact]
    public async Task Rolling_CountsUntilItsLengthIsOver()
    {
        await MakeTeamAsync(Limit.Rolling(StoreSteps.Amount(100), TimeSpan.FromHours(1)));
        await Store.ReserveAsync("agent", "r", 60, 60, expires: Year);
        await Store.ReserveAsync("agent", "flying", 5, 5, expires: Year);
        await Store.SettleAsync("r", 60, at: 10 * Hour);

        // What is held counts however long ago that was; what ended counts from its end.
        Assert.Equal(35, (await Store.ReserveAsync("agent", "r2", 1, 100, at: (11 * Hour) - 1)).Reservation!.Held.Microcents);
        await Store.ReleaseAsync("r2", at: (11 * Hour) - 1);
        Assert.Equal(HasOwnClock ? 35 : 95, (await Store.ReserveAsync("agent", "r3", 1, 100, at: (11 * Hour) + 60)).Reservation!.Held.Microcents);
        var account = (await Store.PathAsync("team"))[0].Limits[0].Account!;
        Assert.Equal((1, null, HasOwnClock ? 60 : 0), (account.Number, account.Until, account.Spent.Microcents));
    }

    [Theory]
    [InlineData(90 * 60)]
    [InlineData(Year)]
    public async Task Rolling_ClockThatWasAheadIsSetBack_CountsWhatWasSpentBefore(int ahead)
    {
        await MakeTeamAsync(Limit.Rolling(StoreSteps.Amount(100), TimeSpan.FromHours(1)));
        await Store.ReserveAsync("agent", "r", 90, 90);
        await Store.SettleAsync("r", 90);
        await Store.ReserveAsync("agent", "early", 1, 1, at: ahead, expires: 2 * Year);
        await Store.SettleAsync("early", 1, at: ahead);

        Assert.Equal(9, (await Store.ReserveAsync("agent", "r2", 1, 100, at: 60)).Reservation!.Held.Microcents);
        Assert.Equal(91, (await Store.AccountAsync("team", "rolling-1h")).Spent.Microcents);
    }

    [Fact]
    public async Task Rolling_CorrectionDownwards_ComesBackWhereItWasBooked()
    {
        await MakeTeamAsync(Limit.Rolling(StoreSteps.Amount(100), TimeSpan.FromHours(1)));
        await Store.ReserveAsync("agent", "r", 60, 60);
        await Store.ForfeitAsync("r", at: 0);
        await Store.ReserveAsync("agent", "r2", 40, 40, at: 50 * 60);
        await Store.ForfeitAsync("r2", at: 50 * 60);
        await Store.SettleAsync("r", 10, at: 55 * 60);
        Assert.Equal(50, (await Store.AccountAsync("team", "rolling-1h")).Spent.Microcents);

        Assert.Equal(HasOwnClock ? 50 : 60, (await Store.ReserveAsync("agent", "r3", 1, 100, at: Hour + 60)).Reservation!.Held.Microcents);
    }

    [Fact]
    public async Task Limit_SetAgainAfterItsWindowIsOver_OpensTheNext()
    {
        await MakeTeamAsync(Limit.PerDay(StoreSteps.Amount(100)));
        await Store.ReserveAsync("agent", "r", 60, 60);
        await Store.RemoveLimitAsync("team", "day");
        await Store.LimitAsync("team", Limit.PerDay(StoreSteps.Amount(100)), at: Day);

        var next = await Store.ReserveAsync("agent", "r2", 1, 100, at: Day);
        Assert.Equal(HasOwnClock ? (40, 1) : (100, 2), (next.Reservation!.Held.Microcents, next.Reservation.Accounts[0].Number));
        await Store.SettleAsync("r", 50, at: Day);
        var open = await Store.AccountAsync("team", "day");
        Assert.Equal(HasOwnClock ? (50, 40) : (0, 100), (open.Spent.Microcents, open.Held.Microcents));
    }

    [Fact]
    public async Task Limit_SetAgainInAnotherZone_EndsTheOpenWindowThere_AndWhatItHasSpentStays()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100), "UTC"));
        await Store.ReserveAsync("agent", "r", 60, 60);
        var before = await Store.AccountAsync("team", "year");

        await Store.RemoveLimitAsync("team", "year");
        await Store.LimitAsync("team", Limit.PerYear(StoreSteps.Amount(90), "Asia/Tokyo"));

        Assert.Equal(
            before with { Until = before.Until - TimeSpan.FromHours(9), Amount = StoreSteps.Amount(90), Granted = StoreSteps.Amount(90) },
            await Store.AccountAsync("team", "year"));
        Assert.Equal(30, (await Store.ReserveAsync("agent", "r2", 1, 100)).Reservation!.Held.Microcents);
    }

    [Fact]
    public async Task Caller_WhoseClockIsBehind_OpensNoEarlierWindow()
    {
        await MakeTeamAsync(Limit.PerDay(StoreSteps.Amount(100)));
        await Store.ReserveAsync("agent", "r", 60, 60, at: Day);
        Assert.Equal(40, (await Store.ReserveAsync("agent", "r2", 1, 100, at: 0)).Reservation!.Held.Microcents);
        await Store.LimitAsync("team", Limit.PerDay(StoreSteps.Amount(50)), at: -Day);
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("agent", "r3", 1, 1, at: -Day)).Status);
    }

    [Fact]
    public async Task LimitThatIsChanged_AfterItsWindowIsOver_LeavesThatAsItWas()
    {
        await MakeTeamAsync(Limit.PerDay(StoreSteps.Amount(100)));
        await Store.ReserveAsync("agent", "r", 60, 60);
        await Store.LimitAsync("team", Limit.PerDay(StoreSteps.Amount(50)), at: Day);
        var account = await Store.AccountAsync("team", "day");
        Assert.Equal((1, HasOwnClock ? 50 : 100), (account.Number, account.Amount.Microcents));
        Assert.Equal(HasOwnClock ? BudgetStatus.Locked : BudgetStatus.Applied, (await Store.ReserveAsync("agent", "r2", 45, 45, at: Day)).Status);
    }

    private static DateTimeOffset Utc(int year, int month, int day, int hour) => new(year, month, day, hour, 0, 0, TimeSpan.Zero);
}
