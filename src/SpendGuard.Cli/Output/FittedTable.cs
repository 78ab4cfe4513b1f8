using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Output;

/// <summary>A table that fits the terminal without breaking a word: columns that are worth least go first, then the longest texts are cut.</summary>
/// <param name="rows">The rows.</param>
/// <param name="columns">The columns, in their order.</param>
internal sealed class FittedTable<T>(IReadOnlyList<T> rows, IReadOnlyList<FittedColumn<T>> columns) : Renderable
{
    /// <summary>What a column takes beside its text: a blank on each side, and a border.</summary>
    private const int Frame = 3;

    private const int Shortest = 8;

    /// <summary>A note below; null for none.</summary>
    public string? Caption { get; init; }

    /// <summary>The row that closes the table, set apart; null for none.</summary>
    public T? Total { get; init; }

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var shown = columns.Select(Shown.Of(All)).Where(column => column.Column.Rank == 0 || !column.IsEmpty).ToList();
        while (Width(shown) > maxWidth && shown.MaxBy(column => column.Column.Rank) is { Column.Rank: > 0 } least)
        {
            shown.Remove(least);
        }

        while (Width(shown) > maxWidth && shown.Where(column => column.Column.IsCut && column.Width > Shortest).MaxBy(column => column.Width) is { } longest)
        {
            longest.Width--;
        }

        return ((IRenderable)Draw(shown)).Render(options, maxWidth);
    }

    private IEnumerable<T> All => Total is null ? rows : rows.Append(Total);

    private static int Width(IReadOnlyCollection<Shown> shown) => 1 + shown.Sum(column => column.Width + Frame);

    private Table Draw(List<Shown> shown)
    {
        var table = Tables.New([.. shown.Select(column => column.Column.Heading)]);
        foreach (var column in table.Columns)
        {
            column.NoWrap = true;
        }

        foreach (var row in rows)
        {
            table.AddRow(shown.Select(column => column.Cell(row)));
        }

        if (Total is { } total)
        {
            table.AddEmptyRow();
            table.AddRow(shown.Select(column => column.Cell(total)));
        }

        table.Caption = Caption is null ? null : new TableTitle(Markup.Escape(Caption), new Style(Color.Grey));
        return table;
    }

    /// <summary>A column that is in the table, and how wide its texts are.</summary>
    private sealed class Shown(FittedColumn<T> column)
    {
        public FittedColumn<T> Column => column;

        public int Width { get; set; }

        public bool IsEmpty { get; private init; }

        public static Func<FittedColumn<T>, Shown> Of(IEnumerable<T> rows) => column =>
        {
            var widths = rows.Select(row => Cells(column.Text(row))).ToList();
            return new Shown(column) { Width = widths.Append(Cells(column.Heading.TrimStart('>'))).Max(), IsEmpty = widths.TrueForAll(width => width == 0) };
        };

        public IRenderable Cell(T row) => column.Picture?.Invoke(row)
            ?? new Text(Cut(column.Text(row)), column.Style?.Invoke(row)) { Overflow = Overflow.Ellipsis };

        private static int Cells(string text) => new Segment(text).CellCount();

        private string Cut(string text)
        {
            if (Cells(text) <= Width)
            {
                return text;
            }

            var kept = text[..Math.Min(text.Length, Width - 1)];
            while (kept.Length > 0 && Cells(kept) > Width - 1)
            {
                kept = kept[..^1];
            }

            return kept + "…";
        }
    }
}

/// <summary>A column of a table that is made to fit.</summary>
/// <param name="Heading">Its heading; one that starts with '>' holds figures and is set right.</param>
/// <param name="Text">What it has of a row.</param>
/// <param name="Rank">Which goes first where there is no room: the highest. One of rank 0 stays, also where it has nothing.</param>
/// <param name="IsCut">Whether its texts may be cut.</param>
/// <param name="Style">How it looks.</param>
internal sealed record FittedColumn<T>(string Heading, Func<T, string> Text, int Rank = 0, bool IsCut = false, Func<T, Style>? Style = null)
{
    /// <summary>What is drawn in a text's place, and is no wider; null, and where it gives null, for the text.</summary>
    public Func<T, IRenderable?>? Picture { get; init; }
}
