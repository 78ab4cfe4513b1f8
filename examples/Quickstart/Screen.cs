using Microsoft.Extensions.AI;
using SpendGuard.Extensions.AI;
using Spectre.Console;

namespace SpendGuard.Examples.Quickstart;

/// <summary>Shows the calls as they happen. Nothing here is needed to use SpendGuard.</summary>
internal sealed class Screen
{
    private readonly IAnsiConsole _console = AnsiConsole.Console;
    private readonly BudgetBar _bar;
    private int _call;
    private bool _inFlight;
    private bool _capLowered;
    private bool _heldFell;
    private Money _lastHeld;

    public Screen(Money budget, Upstream upstream)
    {
        _bar = new BudgetBar(budget, unicode: _console.Profile.Capabilities.Unicode);
        if (!_console.Profile.Out.IsTerminal)
        {
            // A pipe has no width; lines are left whole.
            _console.Profile.Width = 1_000;
        }

        _console.WriteLine();
        _console.MarkupLineInterpolated($"[bold]SpendGuard[/]  agent [aqua]researcher[/], budget [green]{budget}[/], gpt-4o-mini at [aqua]{upstream.Name}[/]");
        _console.MarkupLine("[grey]cap: most output tokens. held: worst case, set aside before the call is sent.[/]");
        _console.WriteLine();
        _console.MarkupLineInterpolated($"[grey]{Row("#", "cap", "held", "cost", "remaining")}{"budget",-BudgetBar.Width}[/]");
    }

    // A line that is written over while its call is in flight makes sense only where lines can be.
    private bool CanRewrite => _console.Profile is { Capabilities.Ansi: true, Out.IsTerminal: true, Width: >= 80 };

    /// <summary>Shows the hold when a call's answer begins, and its cost with the update that closes it.</summary>
    public async ValueTask ShowAsync(ChatResponseUpdate update, SpendGuardEngine guard)
    {
        if (update.AdditionalProperties is { } said && said.ContainsKey(SettlementProperties.Reservation))
        {
            ShowSettled(said);
        }
        else if (!_inFlight && update.Role == ChatRole.Assistant && CanRewrite && await guard.FindBudgetAsync("researcher") is { } budget)
        {
            _inFlight = true;
            _console.Markup(
                $"[grey]{Row(_call + 1, "", Dollars(budget.Held), "in flight", Dollars(budget.Remaining))}[/]"
                + _bar.Markup(budget.Remaining, budget.Held));
        }
    }

    public void Show(BudgetRefusedException refusal)
    {
        if (_heldFell)
        {
            _console.MarkupLine("[grey]Where less is held than before: by its bytes the input did not fit, so that it was counted.[/]");
        }

        if (_capLowered)
        {
            _console.MarkupLine("[yellow]The cap went down to what the rest of the budget pays for.[/]");
        }

        _console.WriteLine();
        _console.MarkupLineInterpolated($"[bold red]Call {_call + 1} refused[/] [grey]before it was sent ({refusal.GetType().Name}):[/]");
        _console.WriteLine(refusal.Message);
        _console.WriteLine();
    }

    public bool Show(Reckoning reckoning)
    {
        var table = new Table { Border = _console.Profile.Capabilities.Unicode ? TableBorder.Rounded : TableBorder.Ascii };
        table.AddColumn("");
        table.AddColumn(new TableColumn("calls").RightAligned());
        table.AddColumn(new TableColumn("microcents").RightAligned());
        table.AddColumn(new TableColumn("dollars").RightAligned());
        if (reckoning.Bill is { } bill)
        {
            AddRow(table, "the provider's bill", bill.Calls, bill.Total);
        }

        AddRow(table, "SpendGuard's ledger", reckoning.Ledger.Calls, reckoning.Ledger.Total);
        AddRow(table, "the budget's spent", null, reckoning.Budget.Spent);
        AddRow(table, "the budget", null, reckoning.Budget.Granted);
        _console.Write(table);

        var passed = reckoning.Agrees && reckoning.WithinBudget;
        var verdict = reckoning switch
        {
            { Agrees: false } => "the figures differ",
            { WithinBudget: false } => "more was spent than granted",
            { Bill: null } => "the ledger adds up to the microcent, within the budget",
            _ => "bill and ledger agree to the microcent, within the budget",
        };
        _console.MarkupLine($"[bold {(passed ? "green]PASSED" : "red]FAILED")}[/]  {verdict}.");
        return passed;
    }

    private void ShowSettled(AdditionalPropertiesDictionary said)
    {
        if (_inFlight)
        {
            _console.Write(new ControlCode("\r\e[2K"));
            _inFlight = false;
        }

        var (remaining, held) = (Amount(said, SettlementProperties.RemainingMicrocents), Amount(said, SettlementProperties.HeldMicrocents));
        var row = Row(
            ++_call,
            said[SettlementProperties.OutputCap],
            Dollars(held),
            Dollars(Amount(said, SettlementProperties.ChargedMicrocents)),
            Dollars(remaining));
        var lowered = said[SettlementProperties.OutputCapLowered] is true;
        _capLowered |= lowered;
        _heldFell |= !lowered && held < _lastHeld;
        _lastHeld = held;
        _console.MarkupLine((lowered ? $"[yellow]{row}[/]" : row) + _bar.Markup(remaining, held: Money.Zero));
    }

    private static string Row(object number, object? cap, string held, string cost, string remaining) =>
        $"{number,3}  {cap,6}  {held,11}  {cost,11}  {remaining,11}  ";

    private static void AddRow(Table table, string name, int? calls, Money amount) =>
        table.AddRow(name, calls?.ToString() ?? "", amount.Microcents.ToString("N0"), Dollars(amount));

    private static Money Amount(AdditionalPropertiesDictionary said, string name) => Money.FromMicrocents((long)said[name]!);

    // All the decimals there are, so that the columns line up and nothing is rounded away.
    private static string Dollars(Money amount) => $"${amount.ToDollars():0.00000000}";
}
