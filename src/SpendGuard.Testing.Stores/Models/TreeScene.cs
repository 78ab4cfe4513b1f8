namespace SpendGuard.Testing.Stores;

/// <summary>Where and when a history of a tree takes place.</summary>
internal static class TreeScene
{
    private const int Midday = 12;

    /// <summary>Zones whose days begin on the hour, also those on which clocks are changed.</summary>
    public static IReadOnlyList<string> Zones { get; } = ["UTC", "Europe/Berlin", "America/New_York"];

    /// <summary>Zones in which it is midday now: while a history of a few seconds runs, no window of their calendars ends.</summary>
    public static IReadOnlyList<string> ZonesOfMidday(DateTimeOffset now) => [.. Enumerable.Range(Midday - 1, 3).Select(hour => ZoneOf(hour - now.UtcDateTime.Hour))];

    // The names of these have their signs the other way round.
    private static string ZoneOf(int ahead)
    {
        var hours = ahead > Midday ? ahead - 24 : ahead < -Midday ? ahead + 24 : ahead;
        return hours == 0 ? "UTC" : $"Etc/GMT{(hours > 0 ? "-" : "+")}{Math.Abs(hours)}";
    }
}
