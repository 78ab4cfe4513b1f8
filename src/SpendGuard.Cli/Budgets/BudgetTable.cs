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

    private static readonly IReadOnlyList<FittedColumn<WatchedAgent>> Columns =
    [
        new("agent", agent => agent.Agent.Name ?? agent.Agent.AgentId, IsCut: true),
        new("budget", Account, IsCut: true, Style: _ => new Style(Color.Grey)) { Picture = agent => agent.Budget is { } budget ? BudgetBar.Of(budget, BarWidth) : null },
        new(">limit", Figure(figures => figures.Limit)),
        new(">granted", Figure(figures => figures.Granted), Rank: 2),
        new(">spent", Figure(figures => figures.Spent)),
        new(">held", agent => agent.Figures is { } figures && figures.Held > Money.Zero ? Dollars.Of(figures.Held) : ""),
        new(">left", Figure(figures => figures.Left), Style: agent => new Style(agent.IsEmpty ? Color.Red : null)),
        new(">in flight", InFlight, Rank: 1),
    ];

    public static IRenderable Of(IReadOnlyList<WatchedAgent> agents, string address) => agents.Count > 0
        ? new FittedTable<WatchedAgent>(agents, Columns) { Caption = $"{address}, Ctrl+C ends" }
        : new Markup("[grey]There are no agents yet.[/]");

    /// <summary>Whose figures stand beside it; of a budget as wide as its bar.</summary>
    private static string Account(WatchedAgent agent) => agent switch
    {
        { Budget: not null } => new string('█', BarWidth),
        { Limit: var (node, limit) } => AgentLimits.Name(node, limit),
        _ => "no budget",
    };

    private static Func<WatchedAgent, string> Figure(Func<Figures, Money> of) => agent => agent.Figures is { } figures ? Dollars.Of(of(figures)) : "";

    private static string InFlight(WatchedAgent agent) => agent.Budget is not { } budget ? ""
        : budget.InFlight > 0 ? $"{budget.InFlight}/{budget.MaxInFlight?.ToString() ?? "∞"}"
        : "0";
}
