using System.Text.Json.Nodes;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Budgets;

/// <summary>An agent's budget.</summary>
/// <param name="budget">The budget.</param>
/// <param name="names">What its agent is called.</param>
/// <param name="topUp">Where it was just set, the top-up that was asked for.</param>
internal sealed class BudgetReport(Answer<BudgetView> budget, AgentNames names, Money topUp = default) : IReport
{
    public JsonNode Json => budget.Json;

    public IEnumerable<string> Lines =>
    [
        Line.Of("agent_id", budget.Body.AgentId),
        Line.Of("hard_limit_cents", budget.Body.HardLimitCents),
        Line.Of("remaining_cents", budget.Body.RemainingCents),
        Line.Of("locked_cents", budget.Body.LockedCents),
        Line.Of("locked_run_id", budget.Body.LockedRunId),
        Line.Of("locked_expires_at", budget.Body.LockedExpiresAt),
        Line.Of("on_exhausted", budget.Body.OnExhausted),
        Line.Of("spent_microcents", budget.Body.SpentMicrocents),
        Line.Of("held_microcents", budget.Body.HeldMicrocents),
        Line.Of("raised_microcents", budget.Body.RaisedMicrocents),
        Line.Of("owed_microcents", budget.Body.OwedMicrocents),
        Line.Of("granted_microcents", budget.Body.GrantedMicrocents),
        Line.Of("available_microcents", budget.Body.AvailableMicrocents),
        .. budget.Body.AddedMicrocents is { } added ? [Line.Of("added_microcents", added)] : Array.Empty<string>(),
    ];

    public IRenderable Picture
    {
        get
        {
            var figures = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
            Add(figures, "agent", new Text(names.InFull(budget.Body.AgentId)));
            Add(figures, "budget", BudgetBar.Of(budget.Body));
            var all = Figures.Of(budget.Body);
            Add(figures, "limit", new Text(Dollars.Of(all.Limit) + Raised));
            Add(figures, "granted", new Text(Dollars.Of(all.Granted)));
            Add(figures, "spent", new Text(Dollars.Of(all.Spent)));
            Add(figures, "held", new Text(Dollars.Of(all.Held)));
            Add(figures, "left", new Text(Dollars.Of(all.Left)));
            if (GrantSentence.Of(budget.Body, topUp) is { } granted)
            {
                Add(figures, "", Markup.FromInterpolated($"[green]{granted}[/]"));
            }

            if (budget.Body.InFlight > 0)
            {
                Add(figures, "in flight", Markup.FromInterpolated(
                    $"[aqua]{budget.Body.InFlight} of {budget.Body.MaxInFlight?.ToString() ?? "any number"}[/]"));
            }

            if (budget.Body.Batches > 0)
            {
                Add(figures, "batches", Markup.FromInterpolated($"[aqua]{budget.Body.Batches}[/], held until their results are fetched; {Dollars.OfMicrocents(budget.Body.HeldMicrocents)} held in all"));
            }

            if (budget.Body.MaxCallSharePercent is { } share and < 100)
            {
                Add(figures, "a call", new Text($"holds at most {share} % of what is free, or what it needs to be of use"));
            }

            if (budget.Body.OnExhausted is { } action)
            {
                Add(figures, "when it is full", new Text(action switch
                {
                    "ask" => "asks for approval",
                    "pause" => "pauses the agent",
                    _ => "refuses the call",
                }));
            }

            if (budget.Body.OwedMicrocents > 0)
            {
                Add(figures, "owed", Markup.FromInterpolated($"[yellow]{Dollars.OfMicrocents(budget.Body.OwedMicrocents)}[/] was granted once and is not any more: the next top-up makes up for it first"));
            }

            if (budget.Body.Overdrawn == true)
            {
                Add(figures, "", Markup.FromInterpolated($"[red]Overdrawn: a provider billed more than was held. Every call is refused until it is topped up.[/]"));
            }

            return figures;
        }
    }

    private string Raised => budget.Body.RaisedMicrocents > 0
        ? $" + {Dollars.OfMicrocents(budget.Body.RaisedMicrocents)} raised for a time: spendguard approvals list --state approved" : "";

    private static void Add(Grid grid, string heading, IRenderable value) => grid.AddRow(new Text(heading, new Style(Color.Grey)), value);
}
