namespace SpendGuard.Examples.Quickstart;

/// <summary>A budget as a bar: what is left, what is held of it, and what is gone.</summary>
internal sealed class BudgetBar(Money budget, bool unicode)
{
    public const int Width = 26;

    private readonly (char Left, char Held, char Gone) _signs = unicode ? ('█', '▒', '░') : ('#', '+', '.');

    public string Markup(Money remaining, Money held)
    {
        var left = Cells(remaining - held);
        var stillHeld = Cells(remaining) - left;
        var colour = left > Width / 2 ? "green" : left > Width / 5 ? "yellow" : "red";
        return $"[{colour}]{new string(_signs.Left, left)}[/]"
            + $"[aqua]{new string(_signs.Held, stillHeld)}[/]"
            + $"[grey]{new string(_signs.Gone, Width - left - stillHeld)}[/]";
    }

    // Whatever is left, however little, keeps a cell.
    private int Cells(Money amount) =>
        (int)Math.Clamp(Math.Ceiling(Width * amount.ToDollars() / budget.ToDollars()), 0, Width);
}
