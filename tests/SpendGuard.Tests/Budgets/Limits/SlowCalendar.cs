using SpendGuard.Budgets;

namespace SpendGuard.Tests.Budgets.Limits;

/// <summary>The calendar as one reads it off a clock on the wall, minute by minute.</summary>
internal static class SlowCalendar
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Longer than any zone has ever been set back by.
    private const int MinutesLookedBack = 3 * 24 * 60;

    public static (DateTimeOffset From, DateTimeOffset Until) WindowAt(CalendarPeriod period, TimeZoneInfo zone, DateTimeOffset at)
    {
        // A day that the clock has once shown has begun.
        var latest = Enumerable.Range(0, MinutesLookedBack).Max(minutes => Wall(zone, at - (minutes * Minute)));
        var first = DateOnly.FromDateTime(latest);
        while (!IsFirst(period, first))
        {
            first = first.AddDays(-1);
        }

        var next = first.AddDays(1);
        while (!IsFirst(period, next))
        {
            next = next.AddDays(1);
        }

        return (Beginning(zone, first), Beginning(zone, next));
    }

    /// <summary>Read every minute from long before a midnight on, and every second of the minute in which it comes.</summary>
    private static DateTimeOffset Beginning(TimeZoneInfo zone, DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        var at = new DateTimeOffset(midnight, TimeSpan.Zero).AddHours(-15);
        while (Wall(zone, at) < midnight)
        {
            at += Minute;
        }

        at -= Minute;
        while (Wall(zone, at) < midnight)
        {
            at = at.AddSeconds(1);
        }

        return at;
    }

    private static bool IsFirst(CalendarPeriod period, DateOnly day) => period switch
    {
        CalendarPeriod.Day => true,
        CalendarPeriod.Week => day.DayOfWeek == DayOfWeek.Monday,
        CalendarPeriod.Month => day.Day == 1,
        CalendarPeriod.Quarter => day is { Day: 1, Month: 1 or 4 or 7 or 10 },
        _ => day is { Day: 1, Month: 1 },
    };

    private static DateTime Wall(TimeZoneInfo zone, DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).DateTime;
}
