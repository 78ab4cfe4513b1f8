using Spectre.Console;

namespace SpendGuard.Cli.Output;

/// <summary>The one look of all tables.</summary>
internal static class Tables
{
    /// <param name="headings">The columns; one that starts with '>' holds figures and is set right.</param>
    public static Table New(params ReadOnlySpan<string> headings)
    {
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        foreach (var heading in headings)
        {
            var figures = heading.StartsWith('>');
            table.AddColumn(new TableColumn(new Text(heading.TrimStart('>'), new Style(decoration: Decoration.Bold)))
            {
                Alignment = figures ? Justify.Right : Justify.Left,
                NoWrap = figures,
            });
        }

        return table;
    }
}
