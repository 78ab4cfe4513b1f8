using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.Pauses;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Agents;

internal sealed class AgentCreatedReport(Answer<AgentView> created) : IReport
{
    public JsonNode Json => created.Json;

    public IEnumerable<string> Lines => [Line.Of("agent_id", created.Body.AgentId)];

    public IRenderable Picture => new Rows(
        Markup.FromInterpolated($"[green]Created[/] agent [bold]{created.Body.AgentId}[/]"),
        new Unbroken("Give it a budget: ", $"spendguard budget set {created.Body.AgentId} --limit 500"));
}

internal sealed class AgentReport(Answer<AgentView> agent) : IReport
{
    public JsonNode Json => agent.Json;

    public IEnumerable<string> Lines =>
    [
        Line.Of("agent_id", agent.Body.AgentId),
        Line.Of("name", agent.Body.Name),
        Line.Of("created_at", agent.Body.CreatedAt),
        Line.Of("paused_by", PauseLine.By(agent.Body.Paused)),
        Line.Of("paused_above", agent.Body.PausedAbove?.GroupId),
    ];

    public IRenderable Picture => AgentTable.Of([agent.Body]);
}

internal sealed class AgentListReport(IReadOnlyList<Answer<AgentView>> agents) : IReport
{
    public JsonNode Json => new JsonObject { ["agents"] = new JsonArray([.. agents.Select(agent => agent.Json.DeepClone())]) };

    public IEnumerable<string> Lines => agents.Count == 0
        ? ["(no agents)"]
        : agents.Select(agent => agent.Body).Select(agent =>
            $"{Line.Of("agent_id", agent.AgentId)} {Line.Of("name", agent.Name)} {Line.Of("created_at", agent.CreatedAt)}{(PauseLine.By(agent.Paused) is { } by ? $" {Line.Of("paused_by", by)}" : "")}{(agent.PausedAbove is { } above ? $" {Line.Of("paused_above", above.GroupId)}" : "")}");

    public IRenderable Picture => agents.Count == 0
        ? new Unbroken("There are no agents. Create one: ", "spendguard bootstrap --name my-agent --limit 500")
        : AgentTable.Of([.. agents.Select(agent => agent.Body)]);
}

internal sealed class AgentDeletedReport(Answer<AgentView> deleted) : IReport
{
    public JsonNode Json => deleted.Json;

    public IEnumerable<string> Lines => ["deleted " + Line.Of("agent_id", deleted.Body.AgentId)];

    public IRenderable Picture =>
        Markup.FromInterpolated($"[yellow]Deleted[/] agent [bold]{deleted.Body.AgentId}[/]. Its budget is closed; its ledger stays.");
}

internal static class AgentTable
{
    private static readonly IReadOnlyList<FittedColumn<AgentView>> Columns =
    [
        new("agent", agent => agent.AgentId),
        new("name", agent => agent.Name ?? "", IsCut: true),
        new("paused", agent => PauseLine.Cell(agent.Paused, agent.PausedAbove), Rank: 1, IsCut: true, Style: _ => PauseLine.Style),
        new("created", agent => agent.CreatedAt ?? "", Rank: 2, Style: _ => new Style(Color.Grey)),
    ];

    public static IRenderable Of(IReadOnlyList<AgentView> agents) => new FittedTable<AgentView>(agents, Columns);
}
