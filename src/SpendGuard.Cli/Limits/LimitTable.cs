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

        var table = Tables.New("limit", ">of", ">spent", ">held", ">left", "resets");
        foreach (var limit in limits)
        {
            table.AddRow(
                new Text(Name(limit)),
                new Text(Dollars.OfCents(limit.AmountCents)),
                new Text(Dollars.OfCents(limit.SpentCents)),
                new Text(limit.HeldCents > 0 ? Dollars.OfCents(limit.HeldCents) : ""),
                new Text(Dollars.OfCents(limit.LeftCents), new Style(limit.LeftCents <= 0 ? Color.Red : null)),
                new Text(Resets(limit, now), new Style(Color.Grey)));
        }

        return table;
    }

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
    public static string Resets(LimitView limit, DateTimeOffset now) => (limit.ResetsAt - now) switch
    {
        null => "",
        { TotalSeconds: < 90 } rest => $"in {Math.Max(1, Math.Ceiling(rest.TotalSeconds)):0} s",
        { TotalMinutes: < 90 } rest => $"in {Math.Ceiling(rest.TotalMinutes):0} min",
        { TotalHours: < 48 } rest => $"in {Math.Ceiling(rest.TotalHours):0} h",
        { } rest => $"in {Math.Ceiling(rest.TotalDays):0} d",
    };
}
