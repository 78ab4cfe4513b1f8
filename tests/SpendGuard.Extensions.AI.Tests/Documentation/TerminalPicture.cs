using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace SpendGuard.Extensions.AI.Tests.Documentation;

/// <summary>What a program has written to a terminal, as an SVG picture.</summary>
internal static partial class TerminalPicture
{
    private const double CellWidth = 8.4;
    private const double LineHeight = 18;
    private const double Margin = 20;
    private const string Text = "#d4d4d8";

    /// <summary>A space that viewers leave as it is: of others they make one out of many.</summary>
    private const char NoBreak = '\u00a0';

    /// <summary>Of the 256 colours of terminals, those that our programs take.</summary>
    private static readonly Dictionary<string, string> Colours = new(StringComparer.Ordinal)
    {
        ["2"] = "#22c55e",
        ["8"] = "#71717a",
        ["9"] = "#f87171",
        ["11"] = "#facc15",
        ["14"] = "#22d3ee",
    };

    /// <param name="output">Everything that was written, with its colours and with lines that were written over.</param>
    /// <param name="columns">The terminal's width, in characters.</param>
    /// <param name="title">What the picture is of, for those who do not see it.</param>
    public static string Of(string output, int columns, string title)
    {
        var lines = Mode().Replace(output, "").Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n').Split('\n').Select(WrittenLast).ToList();
        var (width, height) = (columns * CellWidth + 2 * Margin, lines.Count * LineHeight + 2 * Margin);
        var picture = new StringBuilder();
        picture.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width:0.#}" height="{height:0.#}" viewBox="0 0 {width:0.#} {height:0.#}" role="img" aria-label="{Escaped(title)}">
            <rect width="100%" height="100%" rx="8" fill="#18181b"/>
            <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="{Text}">

            """);
        foreach (var (index, line) in lines.Index())
        {
            var column = 0;
            foreach (var (text, style) in Runs(line))
            {
                if (text.Trim().Length > 0)
                {
                    // The width is given, since fonts that have no signs for boxes take them from others, of other widths.
                    picture.Append(CultureInfo.InvariantCulture, $"""
                        <text x="{Margin + column * CellWidth:0.#}" y="{Margin + (index + 0.75) * LineHeight:0.#}" textLength="{text.Length * CellWidth:0.#}"{style}>{Escaped(text).Replace(' ', NoBreak)}</text>

                        """);
                }

                column += text.Length;
            }
        }

        return picture.Append("</g>\n</svg>\n").ToString();
    }

    /// <summary>What stands in a line once all that was wiped from it is gone.</summary>
    private static string WrittenLast(string line) => line[(line.LastIndexOf("\e[2K", StringComparison.Ordinal) is >= 0 and var wiped ? wiped + 4 : 0)..];

    /// <summary>The pieces of a line that have one style each, and that style as attributes.</summary>
    private static IEnumerable<(string Text, string Style)> Runs(string line)
    {
        var style = "";
        var start = 0;
        foreach (Match sequence in Sequence().Matches(line))
        {
            yield return (line[start..sequence.Index], style);
            start = sequence.Index + sequence.Length;
            var codes = sequence.Groups["codes"].Value;
            var weight = codes.Split(';')[0] == "1" ? " font-weight=\"bold\"" : "";
            var colour = codes.Split("38;5;") is [_, var number] ? $" fill=\"{Colours[number]}\"" : "";
            style = weight + colour;
        }

        yield return (line[start..], style);
    }

    /// <summary>What is said to the terminal's keys and cursor, which is nothing to see.</summary>
    [GeneratedRegex(@"\e\[\?[0-9]+[hl]|\e[=>]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Mode();

    private static string Escaped(string text) => WebUtility.HtmlEncode(text).Replace("&#39;", "'", StringComparison.Ordinal);

    [GeneratedRegex(@"\e\[(?<codes>[0-9;]*)m", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Sequence();
}
