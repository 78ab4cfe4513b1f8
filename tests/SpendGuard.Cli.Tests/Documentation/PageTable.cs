using System.Text.RegularExpressions;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>The rows of a page's table, each a list of cells.</summary>
internal static partial class PageTable
{
    /// <param name="page">The page.</param>
    /// <param name="header">The first line of the table.</param>
    /// <returns>All rows of all tables of that page which begin so.</returns>
    public static IReadOnlyList<string[]> Rows(string page, string header)
    {
        var rows = new List<string[]>();
        var isInside = false;
        foreach (var line in File.ReadLines(Repository.Path(page)))
        {
            isInside = line == header || (isInside && line.StartsWith('|'));
            if (isInside && line != header && !line.StartsWith("|---", StringComparison.Ordinal))
            {
                rows.Add([.. line[1..].TrimEnd('|').Split('|').Select(cell => cell.Trim())]);
            }
        }

        Assert.True(rows.Count > 0, $"{page} has no table that begins with '{header}'.");
        return rows;
    }

    /// <summary>What stands as code in a cell.</summary>
    public static IReadOnlyList<string> Code(string cell) => [.. Span().Matches(cell).Select(match => match.Groups["code"].Value)];

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Span();
}
