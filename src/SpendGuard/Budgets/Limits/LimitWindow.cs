using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>The time that a limit is for: all of it, a period of the calendar in a time zone, or a length that ends now.</summary>
public sealed record LimitWindow
{
    private const string RollingPrefix = "rolling-";
    private static readonly TimeSpan ShortestLength = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestLength = TimeSpan.FromDays(400);
    private static readonly (char Unit, TimeSpan Length)[] Units =
        [('d', TimeSpan.FromDays(1)), ('h', TimeSpan.FromHours(1)), ('m', TimeSpan.FromMinutes(1)), ('s', TimeSpan.FromSeconds(1))];

    private LimitWindow(string name) => Name = name;

    /// <summary>All time.</summary>
    public static LimitWindow Total { get; } = new("total");

    /// <summary>
    /// What a node's limits are told apart by: <c>total</c>, <c>day</c>, <c>week</c>, <c>month</c>, <c>quarter</c>, <c>year</c>, or such as
    /// <c>rolling-90m</c>. A node has one limit of a name, so a month in another zone takes the place of the month before.
    /// </summary>
    public string Name { get; }

    /// <summary>The period of the calendar; null where it is none.</summary>
    public CalendarPeriod? Period { get; private init; }

    /// <summary>The IANA name of the time zone whose calendar it is; null where it is none.</summary>
    public string? Zone { get; private init; }

    /// <summary>How long it rolls; null where it does not.</summary>
    public TimeSpan? Length { get; private init; }

    /// <summary>A period of the calendar. Weeks begin on Monday.</summary>
    /// <param name="period">The period.</param>
    /// <param name="zone">The IANA name of a time zone, such as <c>Europe/Berlin</c>.</param>
    /// <exception cref="ArgumentException">The zone is not known on this machine.</exception>
    public static LimitWindow Calendar(CalendarPeriod period, string zone = "UTC")
    {
        if (!Enum.IsDefined(period))
        {
            throw new ArgumentOutOfRangeException(nameof(period), period, "The period is not known.");
        }

        return new LimitWindow(NameOf(period)) { Period = period, Zone = CalendarTime.FindZone(zone).Id };
    }

    /// <summary>A length that ends now.</summary>
    /// <param name="length">From one second to 400 days, in whole seconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is not one of these.</exception>
    public static LimitWindow Rolling(TimeSpan length)
    {
        if (length < ShortestLength || length > LongestLength || length.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "A rolling window is 1 second to 400 days long, in whole seconds.");
        }

        var (unit, size) = Array.Find(Units, unit => length.Ticks % unit.Length.Ticks == 0);
        return new LimitWindow(string.Create(CultureInfo.InvariantCulture, $"{RollingPrefix}{length.Ticks / size.Ticks}{unit}")) { Length = length };
    }

    /// <summary>The window of a <see cref="Name"/>, in a zone where it is a period of the calendar.</summary>
    /// <param name="name">The name; <c>rolling-60m</c> is <c>rolling-1h</c>.</param>
    /// <param name="zone">The IANA name of a time zone; UTC when null.</param>
    /// <exception cref="ArgumentException">There is no such window, or no such zone.</exception>
    public static LimitWindow Parse(string name, string? zone = null) => TryFind(name, zone) ?? throw new ArgumentException(
        $"There is no window '{name}'. A limit is for total, day, week, month, quarter, year, or such as rolling-30s, rolling-90m, rolling-24h, rolling-7d"
        + $"{(zone is null ? "" : "; only a period of the calendar has a time zone")}.", nameof(name));

    /// <summary>Such as <c>month (Europe/Berlin)</c>.</summary>
    public override string ToString() => Zone is null ? Name : $"{Name} ({Zone})";

    private static LimitWindow? TryFind(string name, string? zone)
    {
        foreach (var period in Enum.GetValues<CalendarPeriod>())
        {
            if (name == NameOf(period))
            {
                return Calendar(period, zone ?? "UTC");
            }
        }

        return zone is not null ? null
            : name == Total.Name ? Total
            : TryParseLength(name, out var length) ? Rolling(length) : null;
    }

    private static bool TryParseLength(string name, out TimeSpan length)
    {
        length = default;
        if (!name.StartsWith(RollingPrefix, StringComparison.Ordinal) || name.Length < RollingPrefix.Length + 2
            || Array.Find(Units, unit => unit.Unit == name[^1]) is not { Unit: not '\0' } unit
            || !int.TryParse(name.AsSpan(RollingPrefix.Length..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > LongestLength / unit.Length)
        {
            return false;
        }

        length = count * unit.Length;
        return length >= ShortestLength;
    }

    [SuppressMessage("Globalization", "CA1308", Justification = "It is a name of ours, of plain letters.")]
    private static string NameOf(CalendarPeriod period) => period.ToString().ToLowerInvariant();
}
