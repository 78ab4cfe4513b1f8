using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Limits;
using SpendGuard.Cli.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.Pauses;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Groups;

internal sealed class GroupReport(Answer<GroupView> group) : IReport
{
    public JsonNode Json => group.Json;

    public IEnumerable<string> Lines => GroupLines.Of(group.Body);

    public IRenderable Picture => GroupTable.Of([group.Body]);
}

internal sealed class GroupListReport(IReadOnlyList<Answer<GroupView>> groups) : IReport
{
    public JsonNode Json => new JsonObject { ["groups"] = new JsonArray([.. groups.Select(group => group.Json.DeepClone())]) };

    public IEnumerable<string> Lines => groups.Count == 0 ? ["(no groups)"] : groups.Select(group => string.Join(' ', GroupLines.Of(group.Body)));

    public IRenderable Picture => groups.Count == 0
        ? Markup.FromInterpolated($"[grey]There are no groups. Create one:[/] spendguard group create my-team")
        : GroupTable.Of(groups.Select(group => group.Body));
}

/// <summary>A group with its limits.</summary>
internal sealed class GroupShownReport(Answer<GroupView> group, Answer<LimitListView> limits, DateTimeOffset now) : IReport
{
    public JsonNode Json
    {
        get
        {
            var json = group.Json.DeepClone();
            json["limits"] = limits.Json["limits"]!.DeepClone();
            return json;
        }
    }

    public IEnumerable<string> Lines => [.. GroupLines.Of(group.Body), .. limits.Body.Limits.Select(LimitLines.Of)];

    public IRenderable Picture => new Rows(GroupTable.Of([group.Body]), LimitTable.Of(limits.Body.Limits, now));
}

internal sealed class GroupDeletedReport(Answer<GroupView> deleted) : IReport
{
    public JsonNode Json => deleted.Json;

    public IEnumerable<string> Lines => ["deleted " + Line.Of("group_id", deleted.Body.GroupId)];

    public IRenderable Picture => Markup.FromInterpolated($"[yellow]Deleted[/] group [bold]{deleted.Body.GroupId}[/]. Its ledger stays.");
}

internal sealed class MovedReport(NodeName node, string? under, Answer<JsonElement> moved) : IReport
{
    public JsonNode Json => moved.Json;

    public IEnumerable<string> Lines => [Line.Of(node.Key, node.Id), Line.Of("under", under)];

    public IRenderable Picture => under is null
        ? Markup.FromInterpolated($"[green]Moved[/] [bold]{node.Id}[/] to the top, under no group.")
        : Markup.FromInterpolated($"[green]Moved[/] [bold]{node.Id}[/] under [bold]{under}[/].");
}

internal static class GroupLines
{
    public static IEnumerable<string> Of(GroupView group) =>
    [
        Line.Of("group_id", group.GroupId),
        Line.Of("name", group.Name),
        Line.Of("under", group.Under),
        Line.Of("paused_by", PauseLine.By(group.Paused)),
        Line.Of("created_at", group.CreatedAt),
        Line.Of("paused_above", group.PausedAbove?.GroupId),
    ];
}

internal static class GroupTable
{
    private static readonly IReadOnlyList<FittedColumn<GroupView>> Columns =
    [
        new("group", group => group.GroupId),
        new("name", group => group.Name ?? "", IsCut: true),
        new("under", group => group.Under ?? "", Rank: 1),
        new("paused", group => PauseLine.Cell(group.Paused, group.PausedAbove), Rank: 2, IsCut: true, Style: _ => PauseLine.Style),
    ];

    public static IRenderable Of(IEnumerable<GroupView> groups) => new FittedTable<GroupView>([.. groups], Columns);
}
