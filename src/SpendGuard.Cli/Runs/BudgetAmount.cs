using System.Globalization;

namespace SpendGuard.Cli.Runs;

/// <summary>Reads an amount as people write it: <c>5</c>, <c>$5</c>, <c>0.05</c>, <c>5usd</c>. Always dollars, and exact.</summary>
internal static class BudgetAmount
{
    private const string Currency = "usd";

    public static bool TryParse(string text, out Money amount)
    {
        var figure = text.Trim();
        if (figure.StartsWith('$'))
        {
            figure = figure[1..];
        }
        else if (figure.EndsWith(Currency, StringComparison.OrdinalIgnoreCase))
        {
            figure = figure[..^Currency.Length].TrimEnd();
        }

        amount = Money.Zero;
        if (!decimal.TryParse(figure, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) || dollars <= 0)
        {
            return false;
        }

        try
        {
            amount = Money.FromDollars(dollars);
            return true;
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentOutOfRangeException)
        {
            return false;
        }
    }
}
