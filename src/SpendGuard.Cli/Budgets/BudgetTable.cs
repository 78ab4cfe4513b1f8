using SpendGuard.Cli.Limits;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Budgets;

/// <summary>All budgets, a bar each.</summary>
internal static class BudgetTable
{
    public static IRenderable Of(IReadOnlyList<WatchedAgent> agents, string address)
    {
        var table = Tables.New("agent", "budget", ">remaining", ">of", ">held", ">in flight");
        table.Caption = new TableTitle(Markup.Escape($"{address}, Ctrl+C ends"), new Style(Color.Grey));
        foreach (var (agent, answer, tightest) in agents)
        {
            if (tightest is var (node, limit))
            {
                table.AddRow(
                    Name(agent),
                    new Text(AgentLimits.Name(node, limit), new Style(Color.Grey)),
                    new Text(Dollars.OfCents(limit.LeftCents), new Style(limit.LeftCents <= 0 ? Color.Red : null)),
                    new Text(LimitTable.Amount(limit)),
                    new Text(limit.HeldCents > 0 ? Dollars.OfCents(limit.HeldCents) : ""));
                continue;
            }

            if (answer?.Body is not { } budget)
            {
                table.AddRow(Name(agent), new Markup("[grey]no budget[/]"));
                continue;
            }

            table.AddRow(
                Name(agent),
                BudgetBar.Of(budget),
                new Text(Remaining(budget), new Style(budget.Overdrawn == true ? Color.Red : null)),
                new Text(Dollars.OfCents(budget.HardLimitCents)),
                new Text(budget.HeldMicrocents > 0 ? Dollars.OfMicrocents(budget.HeldMicrocents) : ""),
                new Text(budget.InFlight > 0 ? $"{budget.InFlight}/{budget.MaxInFlight?.ToString() ?? "∞"}" : ""));
        }

        return agents.Count > 0 ? table : new Markup("[grey]There are no agents yet.[/]");
    }

    private static Text Name(Connection.AgentView agent) => new(agent.Name ?? agent.AgentId);

    private static string Remaining(Connection.BudgetView budget) =>
        budget.RemainingMicrocents is { } exact ? Dollars.OfMicrocents(exact) : Dollars.OfCents(budget.RemainingCents);
}
