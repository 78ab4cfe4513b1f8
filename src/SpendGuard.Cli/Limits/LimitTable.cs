using SpendGuard.Cli.Budgets;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Limits;

/// <summary>Limits as a table.</summary>
internal static class LimitTable
{
    public static IRenderable Of(IReadOnlyList<LimitView> limits, DateTimeOffset now)
    {
        if (limits.Count == 0)
        {
            return new Markup("[grey]There are no limits.[/]");
        }

        // What was granted takes no column where it is the limit throughout.
        var isGrantedElse = limits.Any(limit => Figures.Of(limit) is var all && all.Granted != all.Limit);
        var table = isGrantedElse
            ? Tables.New("window", ">limit", ">granted", ">spent", ">held", ">left", "resets")
            : Tables.New("window", ">limit", ">spent", ">held", ">left", "resets");
        foreach (var limit in limits)
        {
            var figures = Figures.Of(limit);
            table.AddRow(
            [
                new Text(Name(limit)),
                new Text(Amount(limit)),
                .. isGrantedElse ? [new Text(Dollars.Of(figures.Granted))] : Array.Empty<Text>(),
                new Text(Dollars.Of(figures.Spent)),
                new Text(figures.Held > Money.Zero ? Dollars.Of(figures.Held) : ""),
                new Text(Dollars.Of(figures.Left), new Style(figures.Left <= Money.Zero ? Color.Red : null)),
                new Text(Resets(limit, now), new Style(Color.Grey)),
            ]);
        }

        var notes = limits.SelectMany(limit => new[] { Alerts(limit), Raised(limit, now) }).OfType<string>().Select(note => new Text(note, new Style(Color.Grey))).ToList();
        return notes.Count == 0 ? table : new Rows([table, .. notes]);
    }

    /// <summary>Such as <c>$5.00</c>, or <c>$5.00 + $2.00</c> of one that is raised for a time.</summary>
    public static string Amount(LimitView limit) =>
        Dollars.Of(Figures.Of(limit).Limit) + (limit.RaisedMicrocents > 0 ? $" + {Dollars.OfMicrocents(limit.RaisedMicrocents)}" : "");

    /// <summary>Such as <c>month: $2.00 raised until 2026-11-27T20:00:00Z (in 8 h)</c>; null where it is not.</summary>
    public static string? Raised(LimitView limit, DateTimeOffset now) => limit.RaisedMicrocents <= 0 ? null
        : $"{Window(limit)}: {Dollars.OfMicrocents(limit.RaisedMicrocents)} raised until "
            + (limit.RaisedUntil is { } until ? $"{Moment.Of(until)} ({In(until - now)})" : "it is set anew");

    /// <summary>At which percentages alerts are raised, where that is not as it is by itself; null where it is.</summary>
    private static string? Alerts(LimitView limit) => limit.AlertAt switch
    {
        null or [80, 100] => null,
        [] => $"{Window(limit)}: no alerts",
        var percentages => $"{Window(limit)}: alerts at {string.Join(", ", percentages)} %",
    };

    /// <summary>Such as <c>month Europe/Berlin</c>, or <c>rolling-1h, pauses</c>.</summary>
    public static string Name(LimitView limit) => Window(limit) + limit.Action switch
    {
        "pause" => ", pauses",
        "ask" => ", asks",
        _ => "",
    };

    /// <summary>Such as <c>month Europe/Berlin</c>.</summary>
    public static string Window(LimitView limit) => limit.Window + (limit.Zone is null or "UTC" ? "" : " " + limit.Zone);

    /// <summary>The breaker of identical calls.</summary>
    public static string Breaker(int count) => $"{count} identical calls in a row, pauses";

    /// <summary>Such as <c>in 3 d</c>; nothing where it never does.</summary>
    public static string Resets(LimitView limit, DateTimeOffset now) => limit.ResetsAt is { } at ? In(at - now) : "";

    private static string In(TimeSpan span) => span switch
    {
        { TotalSeconds: < 90 } rest => $"in {Math.Max(1, Math.Ceiling(rest.TotalSeconds)):0} s",
        { TotalMinutes: < 90 } rest => $"in {Math.Ceiling(rest.TotalMinutes):0} min",
        { TotalHours: < 48 } rest => $"in {Math.Ceiling(rest.TotalHours):0} h",
        var rest => $"in {Math.Ceiling(rest.TotalDays):0} d",
    };
}
