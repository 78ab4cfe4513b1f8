using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Nodes;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Limits;

internal sealed class LimitReport(Answer<LimitView> limit, DateTimeOffset now) : IReport
{
    public JsonNode Json => limit.Json;

    public IEnumerable<string> Lines => [LimitLines.Of(limit.Body)];

    public IRenderable Picture => new Rows(LimitTable.Of([limit.Body], now), new Text(Whole, new Style(Color.Grey)));

    /// <summary>The limit in whole: what was not named again is not as it was.</summary>
    private string Whole => $"That is all of it: {(limit.Body.Zone is { } zone ? $"the calendar of {zone}, " : "")}{Action}, "
        + (limit.Body.AlertAt is { Count: > 0 } percentages ? $"alerts at {string.Join(", ", percentages)} %." : "no alerts.");

    private string Action => limit.Body.Action switch
    {
        "pause" => "what does not fit pauses it",
        "ask" => "what does not fit asks for approval",
        _ => "what does not fit is refused",
    };
}

internal sealed class LimitListReport(Answer<LimitListView> limits, DateTimeOffset now) : IReport
{
    public JsonNode Json => limits.Json;

    public IEnumerable<string> Lines => [.. limits.Body.Limits.Select(LimitLines.Of).Concat(LimitLines.OfBreaker(limits.Body.IdenticalCalls)).DefaultIfEmpty("(no limits)")];

    public IRenderable Picture => limits.Body.IdenticalCalls is not { } count ? LimitTable.Of(limits.Body.Limits, now)
        : limits.Body.Limits.Count == 0 ? new Text(LimitTable.Breaker(count))
        : new Rows(LimitTable.Of(limits.Body.Limits, now), new Text(LimitTable.Breaker(count)));
}

internal sealed class LimitRemovedReport(NodeName node, Answer<LimitRemovedView> removed) : IReport
{
    public JsonNode Json => removed.Json;

    public IEnumerable<string> Lines => [$"removed {Line.Of(node.Key, node.Id)} {Line.Of("window", removed.Body.Window)}"];

    public IRenderable Picture => Markup.FromInterpolated($"[yellow]Removed[/] the limit for {removed.Body.Window} of [bold]{node.Id}[/].");
}
