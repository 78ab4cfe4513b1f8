using SpendGuard.Cli.Connection;
using Spectre.Console;

namespace SpendGuard.Cli.Budgets;

/// <summary>A budget as a bar: what is left, what calls in flight hold of it, and what is gone of the hard limit.</summary>
internal static class BudgetBar
{
    public const int Width = 30;

    /// <param name="budget">The budget.</param>
    /// <param name="width">How wide it is.</param>
    public static Markup Of(BudgetView budget, int width = Width)
    {
        var limit = budget.HardLimit.ToDollars();
        var remaining = budget.Remaining;
        var held = Money.FromMicrocents(budget.HeldMicrocents ?? 0);
        var left = Cells((remaining - held).ToDollars(), limit, width);
        var holding = Cells(remaining.ToDollars(), limit, width) - left;
        var colour = left > width / 2 ? "green" : left > width / 5 ? "yellow" : "red";
        return new Markup(
            $"[{colour}]{new string('█', left)}[/][aqua]{new string('▒', holding)}[/][grey]{new string('░', width - left - holding)}[/]");
    }

    /// <summary>Whatever is left, however little, keeps a cell.</summary>
    private static int Cells(decimal amount, decimal limit, int width) => limit <= 0 ? 0 : (int)Math.Clamp(Math.Ceiling(width * amount / limit), 0, width);
}
