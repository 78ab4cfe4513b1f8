namespace SpendGuard.Budgets;

/// <summary>The windows of the calendar. In each zone they lie side by side: every instant is in exactly one.</summary>
internal static class CalendarTime
{
    private const string Known = "Give a name of the IANA time zone database, such as Europe/Berlin, or UTC.";

    // No zone of TimeZoneInfo is farther from UTC.
    private static readonly TimeSpan Farthest = TimeSpan.FromHours(14);

    // A name is looked up as a file. These are files too: of this machine's own zone, of no zone, and of clocks that count leap seconds.
    private static readonly string[] NoZones = ["localtime", "posixrules", "Factory", "posix/", "right/"];

    /// <summary>The window that an instant lies in, from its first instant (which is in it) until that of the next (which is not).</summary>
    /// <remarks>
    /// A date begins at the first instant whose local time is at or after its midnight, and does not begin again when the clock falls back
    /// over it. One that a zone has skipped has no window. The first and the last window end where <see cref="DateTimeOffset"/> does;
    /// the last has its end in it.
    /// </remarks>
    public static (DateTimeOffset From, DateTimeOffset Until) WindowAt(CalendarPeriod period, TimeZoneInfo zone, DateTimeOffset at)
    {
        var local = Math.Clamp(at.UtcTicks + zone.GetUtcOffset(at).Ticks, 0, DateTime.MaxValue.Ticks);
        var first = FirstDay(period, DateOnly.FromDateTime(new DateTime(local)));
        var next = Next(period, first);
        var until = Beginning(next, zone);
        while (next is { } begun && until <= at)
        {
            first = begun;
            next = Next(period, begun);
            until = Beginning(next, zone);
        }

        return (Beginning(first, zone), until);
    }

    /// <summary>The zone of an IANA name.</summary>
    /// <exception cref="ArgumentException">This machine knows no zone by that name.</exception>
    public static TimeZoneInfo FindZone(string iana) => FindZone(
        iana,
        name => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null,
        name => TimeZoneInfo.TryConvertWindowsIdToIanaId(name, out var same) ? same : null);

    /// <summary>The same, on a machine that knows these zones, and these names of Windows' for them.</summary>
    internal static TimeZoneInfo FindZone(string iana, Func<string, TimeZoneInfo?> find, Func<string, string?> ofWindows)
    {
        if (string.IsNullOrWhiteSpace(iana))
        {
            throw new ArgumentException($"The time zone is empty. {Known}", nameof(iana));
        }

        var isZone = !NoZones.Any(name => iana.StartsWith(name, StringComparison.Ordinal));

        // Once a zone has been looked up, it is found by its name in any case, which the next process may not do.
        return isZone && find(iana) is { HasIanaId: true } zone && zone.Id == iana
            ? zone
            : throw new ArgumentException(WhyNot(iana, isZone, find, ofWindows), nameof(iana));
    }

    private static string WhyNot(string iana, bool isZone, Func<string, TimeZoneInfo?> find, Func<string, string?> ofWindows)
    {
        if (ofWindows(iana) is { } same)
        {
            return $"'{iana}' is a name of Windows' own, which not every machine knows. Write {same}.";
        }

        if (iana.Contains(' '))
        {
            return $"'{iana}' is no IANA name; names with spaces are Windows' own, which not every machine knows. {Known}";
        }

        if (isZone && find("Europe/Berlin") is null)
        {
            return $"This machine has no time zone data, so '{iana}' is not known. "
                + "Install tzdata (on Windows: let the program use ICU, without InvariantGlobalization), or use UTC.";
        }

        var written = TimeZoneInfo.GetSystemTimeZones().FirstOrDefault(zone => zone.Id.Equals(iana, StringComparison.OrdinalIgnoreCase));
        return isZone && written is not null
            ? $"There is no time zone '{iana}'. It is written {written.Id}."
            : $"There is no time zone '{iana}'. {Known}";
    }

    private static DateOnly FirstDay(CalendarPeriod period, DateOnly day) => period switch
    {
        CalendarPeriod.Day => day,
        // The first day of the calendar, whose number is zero, is a Monday.
        CalendarPeriod.Week => DateOnly.FromDayNumber(day.DayNumber - (day.DayNumber % 7)),
        CalendarPeriod.Month => new DateOnly(day.Year, day.Month, 1),
        CalendarPeriod.Quarter => new DateOnly(day.Year, day.Month - ((day.Month - 1) % 3), 1),
        CalendarPeriod.Year => new DateOnly(day.Year, 1, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "There is no such period."),
    };

    /// <summary>The first day of the period after this one; null where the calendar ends.</summary>
    private static DateOnly? Next(CalendarPeriod period, DateOnly first) => period switch
    {
        _ when first == FirstDay(period, DateOnly.MaxValue) => null,
        CalendarPeriod.Day => first.AddDays(1),
        CalendarPeriod.Week => first.AddDays(7),
        CalendarPeriod.Month => first.AddMonths(1),
        CalendarPeriod.Quarter => first.AddMonths(3),
        _ => first.AddYears(1),
    };

    private static DateTimeOffset Beginning(DateOnly? date, TimeZoneInfo zone)
    {
        if (date is not { } day)
        {
            return DateTimeOffset.MaxValue;
        }

        if (day == DateOnly.MinValue)
        {
            return DateTimeOffset.MinValue;
        }

        // Only what a zone is at an instant is asked, never what an instant is at a local time: that is ambiguous, and of historic rules
        // not answered well. A zone changes at most once within these hours: changes that follow upon each other are days apart.
        var midnight = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        var before = zone.GetUtcOffset(midnight - Farthest);
        var after = zone.GetUtcOffset(midnight + Farthest);
        if (before == after)
        {
            return midnight - before;
        }

        var change = FirstNotAt(before, zone, midnight - Farthest, midnight + Farthest);
        return midnight - before < change ? midnight - before
            : midnight - after > change ? midnight - after
            : change;
    }

    private static DateTimeOffset FirstNotAt(TimeSpan offset, TimeZoneInfo zone, DateTimeOffset same, DateTimeOffset other)
    {
        while (other.Ticks - same.Ticks > 1)
        {
            var middle = same + ((other - same) / 2);
            (same, other) = zone.GetUtcOffset(middle) == offset ? (middle, other) : (same, middle);
        }

        return other;
    }
}
