using CsCheck;
using SpendGuard.Budgets;

namespace SpendGuard.Tests.Budgets.Limits;

/// <summary>Every zone of the machine, from 1970 to 2050, against a clock on the wall, and most of all where that is set.</summary>
public sealed class CalendarTimePropertyTests
{
    private static readonly DateTimeOffset Oldest = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Newest = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Where clocks were set at or over midnight, or by a day, or by half an hour.
    private static readonly string[] Odd =
    [
        "America/St_Johns", "America/Sao_Paulo", "America/Havana", "America/Asuncion", "America/Santiago", "America/Scoresbysund",
        "Africa/Cairo", "Africa/Casablanca", "Africa/Monrovia", "Asia/Amman", "Asia/Beirut", "Asia/Gaza", "Asia/Pyongyang", "Asia/Tehran",
        "Atlantic/Azores", "Antarctica/Casey", "Antarctica/Troll", "Australia/Lord_Howe", "Europe/Dublin", "Pacific/Apia",
        "Pacific/Kiritimati", "Pacific/Kwajalein",
    ];

    private static readonly Gen<TimeZoneInfo> Zones = Gen.OneOf(
        Gen.OneOf(TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.HasIanaId).ToArray()),
        Gen.OneOf(Odd).Select(CalendarTime.FindZone));

    private static readonly Gen<DateTimeOffset> Instants =
        Gen.Long[Oldest.Ticks, Newest.Ticks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    // Ticks, minutes and hours from what happens.
    private static readonly Gen<TimeSpan> Aside = Gen.OneOf(
        Gen.Long[-1, 1].Select(TimeSpan.FromTicks),
        Gen.Long[-90, 90].Select(minutes => TimeSpan.FromTicks(minutes * TimeSpan.TicksPerMinute)),
        Gen.Long[-26, 26].Select(hours => TimeSpan.FromTicks(hours * TimeSpan.TicksPerHour)));

    private static readonly Gen<(TimeZoneInfo Zone, CalendarPeriod Period, DateTimeOffset At)> Cases =
        from zone in Zones
        from period in Gen.Enum<CalendarPeriod>()
        from start in Instants
        from kind in Gen.Int[0, 3]
        from aside in Aside
        select (zone, period, kind switch
        {
            0 => start,
            1 => CalendarTime.WindowAt(period, zone, start).Until + aside,
            _ => NextChange(zone, start) + aside,
        });

    [Fact]
    public void WindowAt_AnyZoneAndInstant_IsWhatTheClockOnTheWallSays() => Cases.Sample(
        drawn => Assert.Equal(
            SlowCalendar.WindowAt(drawn.Period, drawn.Zone, drawn.At), CalendarTime.WindowAt(drawn.Period, drawn.Zone, drawn.At)),
        iter: 1500, print: Print);

    [Fact]
    public void Windows_LieSideBySide_AndEveryInstantIsInItsOwn() => Gen.Select(Cases, Gen.Double.Unit).Sample(
        (drawn, share) =>
        {
            (DateTimeOffset From, DateTimeOffset Until) WindowAt(DateTimeOffset at) => CalendarTime.WindowAt(drawn.Period, drawn.Zone, at);
            var window = WindowAt(drawn.At);
            Assert.InRange(drawn.At, window.From, window.Until.AddTicks(-1));
            for (var count = 0; count < 15; count++)
            {
                var inside = window.From + ((window.Until - window.From) * (share * 0.999));
                Assert.Equal([window, window, window], [WindowAt(window.From), WindowAt(inside), WindowAt(window.Until.AddTicks(-1))]);
                var next = WindowAt(window.Until);
                Assert.Equal(window.Until, next.From);
                Assert.True(next.From < next.Until);
                window = next;
            }
        },
        iter: 1000, print: drawn => Print(drawn.Item1));

    /// <summary>What the search for a midnight takes for granted.</summary>
    [Fact]
    public void ZoneThatHasChanged_StaysSoForMoreThanADay() => Gen.Select(Zones, Instants).Sample(
        (zone, start) =>
        {
            var change = NextChange(zone, start);
            Assert.All(
                Enumerable.Range(0, 28 * 4),
                quarters => Assert.Equal(zone.GetUtcOffset(change), zone.GetUtcOffset(change.AddMinutes(15 * quarters))));
        },
        iter: 1000);

    /// <summary>The first instant at which a zone is at another offset; the instant itself where that is not for years.</summary>
    private static DateTimeOffset NextChange(TimeZoneInfo zone, DateTimeOffset start)
    {
        bool IsSame(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).Offset == TimeZoneInfo.ConvertTime(start, zone).Offset;
        var other = start;
        while (IsSame(other))
        {
            other = other.AddHours(12);
            if (other - start > TimeSpan.FromDays(800))
            {
                return start;
            }
        }

        var same = other.AddHours(-12);
        while (other.Ticks - same.Ticks > 1)
        {
            var middle = same + ((other - same) / 2);
            (same, other) = IsSame(middle) ? (middle, other) : (same, middle);
        }

        return other;
    }

    private static string Print((TimeZoneInfo Zone, CalendarPeriod Period, DateTimeOffset At) drawn) =>
        $"{drawn.Zone.Id} {drawn.Period} {drawn.At:O}";
}
