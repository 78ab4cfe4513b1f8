using System.Globalization;

namespace SpendGuard.Cli.Numbers;

/// <summary>Reads an amount as people write it: <c>5</c>, <c>$5</c>, <c>5.50usd</c>, <c>50c</c>. Always exact.</summary>
internal static class BudgetAmount
{
    /// <summary>More than any amount has; what is longer would be rounded as it is read.</summary>
    private const int LongestFigure = 24;

    private static readonly string[] Dollars = ["usd"];
    private static readonly string[] Cents = ["cents", "cent", "ct", "c", "¢"];

    /// <summary>Reads an amount above nothing, where a bare figure is dollars.</summary>
    public static bool TryParse(string text, out Money amount) => TryParse(text, bareIsCents: false, out amount) && amount > Money.Zero;

    /// <summary>Reads an amount.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="bareIsCents">
    /// Whether a figure without a unit is cents, and not dollars. Cents are whole then: with decimals it was most likely meant as dollars.
    /// </param>
    /// <param name="amount">The amount, which is not negative.</param>
    public static bool TryParse(string text, bool bareIsCents, out Money amount)
    {
        amount = Money.Zero;
        var (figure, isCents, isBare) = Split(text.Trim(), bareIsCents);
        if (figure.Length > LongestFigure
            || !decimal.TryParse(figure, isBare && bareIsCents ? NumberStyles.None : NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        try
        {
            amount = Money.FromDollars(isCents ? number / 100 : number);
            return true;
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static (string Figure, bool IsCents, bool IsBare) Split(string text, bool bareIsCents) =>
        text.StartsWith('$') ? (text[1..], false, false)
        : UnitOf(text, Dollars) is { } dollars ? (text[..^dollars.Length].TrimEnd(), false, false)
        : UnitOf(text, Cents) is { } cents ? (text[..^cents.Length].TrimEnd(), true, false)
        : (text, bareIsCents, true);

    private static string? UnitOf(string text, string[] units) => Array.Find(units, unit => text.EndsWith(unit, StringComparison.OrdinalIgnoreCase));
}
