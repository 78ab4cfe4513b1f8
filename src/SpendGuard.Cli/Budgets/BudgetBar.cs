using SpendGuard.Cli.Connection;
using Spectre.Console;

namespace SpendGuard.Cli.Budgets;

/// <summary>A budget as a bar: what is left, what calls in flight hold of it, and what is gone of the hard limit.</summary>
internal static class BudgetBar
{
    public const int Width = 30;

    public static Markup Of(BudgetView budget)
    {
        var limit = Money.FromCents(budget.HardLimitCents).ToDollars();
        var remaining = budget.RemainingMicrocents is { } exact ? Money.FromMicrocents(exact) : Money.FromCents(budget.RemainingCents);
        var held = Money.FromMicrocents(budget.HeldMicrocents ?? 0);
        var left = Cells((remaining - held).ToDollars(), limit);
        var holding = Cells(remaining.ToDollars(), limit) - left;
        var colour = left > Width / 2 ? "green" : left > Width / 5 ? "yellow" : "red";
        return new Markup(
            $"[{colour}]{new string('█', left)}[/][aqua]{new string('▒', holding)}[/][grey]{new string('░', Width - left - holding)}[/]");
    }

    /// <summary>Whatever is left, however little, keeps a cell.</summary>
    private static int Cells(decimal amount, decimal limit) => limit <= 0 ? 0 : (int)Math.Clamp(Math.Ceiling(Width * amount / limit), 0, Width);
}
