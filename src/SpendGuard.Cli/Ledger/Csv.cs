using System.Buffers;
using System.Text;

namespace SpendGuard.Cli.Ledger;

/// <summary>Comma-separated values as RFC 4180 has them; lines end with LF. No field that is written is a formula to a spreadsheet.</summary>
internal static class Csv
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public static string Row(params IEnumerable<string?> fields)
    {
        var all = fields.ToList();
        return string.Join(',', all.Select((field, at) => Field(field, isFirstOfSeveral: at == 0 && all.Count > 1)));
    }

    /// <summary>Reads rows; a field in quotes may hold commas, quotes and ends of lines.</summary>
    /// <exception cref="FormatException">A quoted field does not end, or goes on after its end.</exception>
    public static IEnumerable<IReadOnlyList<string>> Read(string text)
    {
        var row = new List<string>();
        for (var at = text.StartsWith('\uFEFF') ? 1 : 0; at < text.Length;)
        {
            row.Add(text[at] == '"' ? ReadQuoted(text, ref at) : ReadBare(text, ref at));
            if (at < text.Length && text[at] == ',')
            {
                at++;
                if (at < text.Length && text[at] is not ('\r' or '\n'))
                {
                    continue;
                }

                row.Add("");
            }

            SkipEndOfLine(text, ref at);
            if (row is not [""])
            {
                yield return row;
            }

            row = [];
        }
    }

    private static string? Field(string? value, bool isFirstOfSeveral)
    {
        var text = value is null ? null : CsvFormula.Neutralize(value, isFirstOfSeveral);
        return text is not null && text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static string ReadBare(string text, ref int at)
    {
        var length = text.AsSpan(at).IndexOfAny(",\r\n");
        var field = length < 0 ? text[at..] : text.Substring(at, length);
        at += field.Length;
        return field;
    }

    private static string ReadQuoted(string text, ref int at)
    {
        var field = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                field.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                field.Append(text[at++]);
            }
            else
            {
                at++;
                return at == text.Length || text[at] is ',' or '\r' or '\n'
                    ? field.ToString()
                    : throw new FormatException($"The field \"{field}\" goes on after its closing quote.");
            }
        }

        throw new FormatException("A field in quotes does not end.");
    }

    private static void SkipEndOfLine(string text, ref int at)
    {
        if (at < text.Length && text[at] == '\r')
        {
            at++;
        }

        if (at < text.Length && text[at] == '\n')
        {
            at++;
        }
    }
}
