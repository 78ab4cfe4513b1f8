using System.Text.RegularExpressions;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>The page that lists every error: its headings, and what stands as code in the first cells of its tables.</summary>
internal sealed partial class ErrorPlaybook
{
    private readonly string[] _lines = File.ReadAllLines(Repository.Path("references", "error-playbook.md"));

    public IReadOnlyList<string> Headings => [.. _lines.Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#').Trim())];

    /// <summary>The sentences and names that have an entry, <c>…</c> in them standing for anything.</summary>
    public IReadOnlyList<string> Entries => [.. Rows.SelectMany(cells => Spans(cells[0]))];

    /// <summary>Every word that stands as code anywhere in a table.</summary>
    public IReadOnlySet<string> Words => Rows.SelectMany(cells => cells.SelectMany(Spans)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The rows of tables that say nothing in one of their cells, as the first of an empty one does.</summary>
    public IEnumerable<string> RowsWithoutRemedy => Rows.Where(cells => cells[^1].Trim().Length == 0).Select(cells => cells[0]);

    private IEnumerable<string[]> Rows => _lines
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split(" | "))
        .Where(cells => cells.Length > 1);

    private static IEnumerable<string> Spans(string cell) => Code().Matches(cell).Select(match => match.Groups["code"].Value);

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Code();
}
