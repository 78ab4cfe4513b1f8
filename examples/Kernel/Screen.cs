using SpendGuard.Budgets;
using SpendGuard.Examples.Quickstart;
using Spectre.Console;

namespace SpendGuard.Examples.NewsDesk;

/// <summary>Shows the calls as they end. Nothing here is needed to use SpendGuard.</summary>
internal sealed class Screen
{
    private readonly IAnsiConsole _console = AnsiConsole.Console;
    private readonly BudgetBar _bar;
    private int _call;

    public Screen(Money budget, Upstream upstream)
    {
        _bar = new BudgetBar(budget, unicode: _console.Profile.Capabilities.Unicode);
        if (!_console.Profile.Out.IsTerminal)
        {
            // A pipe has no width; lines are left whole.
            _console.Profile.Width = 1_000;
        }

        _console.WriteLine();
        _console.MarkupLineInterpolated(
            $"[bold]SpendGuard[/]  kernel of [aqua]news-desk[/], budget [green]{budget}[/], gpt-4o-mini at [aqua]{upstream.Name}[/]");
        _console.MarkupLine("[grey]function: the kernel function that made the call. A search of the archive has a price of its own.[/]");
        _console.WriteLine();
        _console.MarkupLineInterpolated($"[grey]{Row("#", "function", "called", "cost", "remaining")}{"budget",-BudgetBar.Width}[/]");
    }

    public void Show(LedgerEntry entry)
    {
        var isTool = entry.Model?.StartsWith("tool:", StringComparison.Ordinal) == true;
        var remaining = entry.Granted - entry.Spent;
        var row = Row(++_call, entry.Function ?? "", isTool ? "the tool" : entry.Model ?? "", Dollars(entry.Amount), Dollars(remaining));
        var colour = isTool ? "yellow" : entry.Function == "report" ? "default" : "aqua";
        _console.MarkupLine($"[{colour}]{row.EscapeMarkup()}[/]" + _bar.Markup(remaining, entry.Held));
    }

    /// <summary>The answer that the budget gave in the model's place.</summary>
    public void ShowAnswer(string answer)
    {
        _console.WriteLine();
        _console.MarkupLine("[bold red]The loop has ended[/] [grey]with this answer:[/]");
        _console.WriteLine(answer);
        _console.WriteLine();
    }

    public bool Show(Reckoning reckoning)
    {
        var table = new Table { Border = _console.Profile.Capabilities.Unicode ? TableBorder.Rounded : TableBorder.Ascii };
        table.AddColumn("");
        table.AddColumn(new TableColumn("calls").RightAligned());
        table.AddColumn(new TableColumn("dollars").RightAligned());
        if (reckoning.Bill is { } bill)
        {
            AddRow(table, "the provider's bill", bill.Calls, bill.Total);
        }

        AddRow(table, "the ledger, models", reckoning.Models.Calls, reckoning.Models.Total);
        AddRow(table, "the ledger, searches", reckoning.Tools.Calls, reckoning.Tools.Total);
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

    private static string Row(object number, string function, string called, string cost, string remaining) =>
        $"{number,3}  {function,-15}  {called,-18}  {cost,11}  {remaining,11}  ";

    private static void AddRow(Table table, string name, int? calls, Money amount) =>
        table.AddRow(name, calls?.ToString() ?? "", Dollars(amount));

    // All the decimals there are, so that the columns line up and nothing is rounded away.
    private static string Dollars(Money amount) => $"${amount.ToDollars():0.00000000}";
}
