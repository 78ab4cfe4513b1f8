using System.Buffers;
using System.Globalization;
using System.Text;

namespace SpendGuard.Cli.Ledger;

/// <summary>
/// Keeps spreadsheets from running what callers have named: a cell that begins like a formula is one, and runs when a table is opened.
/// </summary>
/// <remarks>
/// An apostrophe goes before the sign, which spreadsheets take for "this is text". A number is left as it is. Programs that split at other
/// places than commas see cells of their own, so a sign after any of these places counts too.
/// </remarks>
internal static class CsvFormula
{
    // The wide forms are what some East Asian settings take for the narrow ones.
    private static readonly SearchValues<char> Signs = SearchValues.Create("=+-@\t\r\uFF1D\uFF0B\uFF0D\uFF20");
    private static readonly SearchValues<char> Separators = SearchValues.Create(",;|\t\r\n\"'");

    /// <summary>The text, so that no cell of it is a formula.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isFirstOfSeveral">
    /// Whether it begins a row that goes on: to a program that does not split at commas, a number with a sign is no number then.
    /// </param>
    public static string Neutralize(string text, bool isFirstOfSeveral)
    {
        if (!text.AsSpan().ContainsAny(Signs) || (IsNumber(text) && !isFirstOfSeveral))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 1);
        var begins = true;
        foreach (var character in text)
        {
            if (begins && Signs.Contains(character))
            {
                safe.Append('\'');
                begins = false;
            }

            safe.Append(character);
            begins = Separators.Contains(character) || (begins && IsSkipped(character));
        }

        return safe.ToString();
    }

    /// <summary>What a reader may drop from the start of a cell before it looks at the rest.</summary>
    private static bool IsSkipped(char character) =>
        char.IsWhiteSpace(character) || char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format;

    private static bool IsNumber(string text) => decimal.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
}
