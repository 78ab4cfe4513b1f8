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
    public static Table Of(IReadOnlyList<AgentView> agents)
    {
        // Rarely anybody is, and an id takes half of a terminal's width.
        var isAnyPaused = agents.Any(agent => agent.Paused is not null || agent.PausedAbove is not null);
        var table = isAnyPaused ? Tables.New("agent", "name", "paused", "created") : Tables.New("agent", "name", "created");
        foreach (var agent in agents)
        {
            IEnumerable<Text> pause = isAnyPaused ? [PauseLine.Cell(agent.Paused, agent.PausedAbove)] : [];
            table.AddRow([new Text(agent.AgentId), new Text(agent.Name ?? ""), .. pause, new Text(agent.CreatedAt ?? "", new Style(Color.Grey))]);
        }

        return table;
    }
}
