using SpendGuard.Cli.Limits;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Budgets;

/// <summary>All budgets, a bar each.</summary>
internal static class BudgetTable
{
    /// <summary>Beside its figures.</summary>
    private const int BarWidth = 10;

    public static IRenderable Of(IReadOnlyList<WatchedAgent> agents, string address)
    {
        var table = Tables.New("agent", "budget", ">limit", ">granted", ">spent", ">held", ">left", ">in flight");
        table.Caption = new TableTitle(Markup.Escape($"{address}, Ctrl+C ends"), new Style(Color.Grey));
        foreach (var (agent, answer, tightest) in agents)
        {
            if (tightest is var (node, limit))
            {
                table.AddRow([Name(agent), new Text(AgentLimits.Name(node, limit), new Style(Color.Grey)), .. Cells(Figures.Of(limit), limit.Overdrawn)]);
                continue;
            }

            if (answer?.Body is not { } budget)
            {
                table.AddRow(Name(agent), new Markup("[grey]no budget[/]"));
                continue;
            }

            table.AddRow(
            [
                Name(agent), BudgetBar.Of(budget, BarWidth), .. Cells(Figures.Of(budget), budget.Overdrawn == true),
                new Text(budget.InFlight > 0 ? $"{budget.InFlight}/{budget.MaxInFlight?.ToString() ?? "∞"}" : ""),
            ]);
        }

        return agents.Count > 0 ? table : new Markup("[grey]There are no agents yet.[/]");
    }

    private static Text Name(Connection.AgentView agent) => new(agent.Name ?? agent.AgentId);

    private static IEnumerable<IRenderable> Cells(Figures figures, bool isOverdrawn) =>
    [
        new Text(Dollars.Of(figures.Limit)),
        new Text(Dollars.Of(figures.Granted)),
        new Text(Dollars.Of(figures.Spent)),
        new Text(figures.Held > Money.Zero ? Dollars.Of(figures.Held) : ""),
        new Text(Dollars.Of(figures.Left), new Style(isOverdrawn || figures.Left <= Money.Zero ? Color.Red : null)),
    ];
}
