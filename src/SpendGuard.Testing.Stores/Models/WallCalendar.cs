using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <summary>
/// The calendar as one reads it off a clock on the wall, hour by hour, for zones whose days all begin on the hour; what was read once is kept.
/// </summary>
internal sealed class WallCalendar
{
    // By the year that was asked for, so that there are few to go through however many histories there were.
    private readonly Dictionary<(CalendarPeriod Period, string Zone, int Year), List<(DateTimeOffset From, DateTimeOffset Until)>> _read = [];

    public (DateTimeOffset From, DateTimeOffset Until) WindowAt(CalendarPeriod period, string zone, DateTimeOffset at)
    {
        var key = (period, zone, at.UtcDateTime.Year);
        var known = _read.TryGetValue(key, out var windows) ? windows : _read[key] = [];
        foreach (var window in known)
        {
            if (window.From <= at && at < window.Until)
            {
                return window;
            }
        }

        var clock = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var from = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        while (!Begins(period, clock, from))
        {
            from = from.AddHours(-1);
        }

        var until = from.AddHours(1);
        while (!Begins(period, clock, until))
        {
            until = until.AddHours(1);
        }

        known.Add((from, until));
        return (from, until);
    }

    private static bool Begins(CalendarPeriod period, TimeZoneInfo clock, DateTimeOffset at)
    {
        var wall = TimeZoneInfo.ConvertTime(at, clock).DateTime;
        return wall.Hour == 0 && period switch
        {
            CalendarPeriod.Day => true,
            CalendarPeriod.Week => wall.DayOfWeek == DayOfWeek.Monday,
            CalendarPeriod.Month => wall.Day == 1,
            CalendarPeriod.Quarter => wall is { Day: 1, Month: 1 or 4 or 7 or 10 },
            _ => wall.DayOfYear == 1,
        };
    }
}
