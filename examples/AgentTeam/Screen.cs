using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Examples.Quickstart;
using SpendGuard.Extensions.AI;
using Spectre.Console;

namespace SpendGuard.Examples.AgentTeam;

/// <summary>Runs the agents and shows each of their calls. Nothing here is needed to use SpendGuard.</summary>
internal sealed class Screen
{
    private static readonly string[] Colours = ["aqua", "yellow", "fuchsia", "lime"];

    private readonly IAnsiConsole _console = AnsiConsole.Console;
    private readonly Lock _gate = new();
    private readonly IReadOnlyDictionary<string, Money> _budgets;
    private readonly List<string> _agents;
    private readonly HashSet<string> _dry = new(StringComparer.Ordinal);

    public Screen(IReadOnlyDictionary<string, Money> budgets)
    {
        _budgets = budgets;
        _agents = [.. budgets.Keys];
        if (!_console.Profile.Out.IsTerminal)
        {
            // A pipe has no width; lines are left whole.
            _console.Profile.Width = 1_000;
        }

        _console.WriteLine();
        _console.MarkupLine("[bold]SpendGuard[/]  four agents over one client, each on its own budget, gpt-4o-mini at a simulated provider");
        _console.MarkupLine("[grey]held: worst case, set aside before the call is sent.[/]");
        _console.WriteLine();
        _console.MarkupLineInterpolated($"[grey]{"agent",-14}{Row("held", "cost", "remaining")}{"budget",-BudgetBar.Width}[/]");
    }

    /// <summary>Runs an agent to its end, or to that of its budget.</summary>
    /// <returns>What it said, or that it ran dry: the rest of the team goes on either way.</returns>
    public async Task<string> RunAsync(AIAgent agent, string task)
    {
        List<AgentResponseUpdate> said = [];
        try
        {
            await foreach (var update in agent.RunStreamingAsync(task))
            {
                said.Add(update);
                if (update.AdditionalProperties is { } told && told.ContainsKey(SettlementProperties.Reservation))
                {
                    ShowCall(agent.Name!, told);
                }
            }

            var answer = said.ToAgentResponse().Messages[^1].Text;
            ShowAnswer(agent.Name!, answer);
            return answer;
        }
        catch (BudgetRefusedException refusal)
        {
            ShowRefusal(refusal);
            return $"{agent.Name} ran out of budget.";
        }
    }

    public bool Show(IReadOnlyList<Reckoning> team)
    {
        var table = new Table { Border = _console.Profile.Capabilities.Unicode ? TableBorder.Rounded : TableBorder.Ascii };
        table.AddColumns("agent", "calls", "provider's bill", "ledger", "budget", "");
        foreach (var one in team)
        {
            var agent = one.Budget.Agent.Value;
            table.AddRow(
                $"[{Colour(agent)}]{agent}[/]",
                $"{one.Ledger.Calls}",
                Dollars(one.Bill.Total),
                Dollars(one.Ledger.Total),
                Dollars(one.Budget.Granted),
                _dry.Contains(agent) ? "[red]ran dry[/]" : "[green]finished[/]");
        }

        _console.WriteLine();
        _console.Write(table);
        var passed = team.All(one => one.Agrees) && _dry.SetEquals(["statistician"]);
        _console.MarkupLine(passed
            ? "[bold green]PASSED[/]  one agent ran dry, the others finished; each ledger is what the provider billed for it."
            : "[bold red]FAILED[/]  the figures differ, or another agent ran dry.");
        return passed;
    }

    private void ShowCall(string agent, AdditionalPropertiesDictionary told)
    {
        var remaining = Amount(told, SettlementProperties.RemainingMicrocents);
        var bar = new BudgetBar(_budgets[agent], _console.Profile.Capabilities.Unicode);
        var row = Row(
            Dollars(Amount(told, SettlementProperties.HeldMicrocents)),
            Dollars(Amount(told, SettlementProperties.ChargedMicrocents)),
            Dollars(remaining));
        lock (_gate)
        {
            _console.MarkupLine($"[{Colour(agent)}]{agent,-14}[/]{row}{bar.Markup(remaining, held: Money.Zero)}");
        }
    }

    private void ShowAnswer(string agent, string answer)
    {
        lock (_gate)
        {
            _console.MarkupLineInterpolated($"[{Colour(agent)}]{agent,-14}[/][italic]“{answer}”[/]");
        }
    }

    private void ShowRefusal(BudgetRefusedException refusal)
    {
        lock (_gate)
        {
            _dry.Add(refusal.Agent.Value);
            _console.MarkupLineInterpolated($"[bold red]{refusal.Agent,-14}refused[/] {refusal.Message}");
        }
    }

    private string Colour(string agent) => Colours[_agents.IndexOf(agent)];

    private static string Row(string held, string cost, string remaining) => $"{held,11}  {cost,11}  {remaining,11}  ";

    private static Money Amount(AdditionalPropertiesDictionary told, string name) => Money.FromMicrocents((long)told[name]!);

    private static string Dollars(Money amount) => $"${amount.ToDollars():0.00000000}";
}
