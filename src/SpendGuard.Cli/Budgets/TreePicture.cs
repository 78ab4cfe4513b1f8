using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Limits;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Budgets;

/// <summary>A tree of budgets as people read it: a line for each agent and group, and under it a line of figures for each limit.</summary>
internal sealed class TreePicture : Renderable
{
    private const int Gap = 2;
    private const string Granted = "granted";
    private static readonly string[] Headings = ["limit", Granted, "spent", "held", "left", "resets"];

    private readonly IReadOnlyList<Row> _rows;

    public TreePicture(BudgetTree tree, DateTimeOffset now) => _rows = [.. tree.Branches.SelectMany(branch => RowsOf(branch, now))];

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // What was granted takes no column where it is the limit throughout.
        var widths = Headings.Select((heading, at) => _rows.Where(row => row.Figures is not null).Select(row => row.Figures![at].Length).DefaultIfEmpty().Max() is var most
            && most == 0 && heading == Granted ? 0 : Math.Max(most, heading.Length)).ToArray();
        var figures = widths.Sum() + (Gap * widths.Count(width => width > 0));
        var label = Math.Clamp(_rows.Where(row => row.Figures is not null).Select(row => row.Label.Length).DefaultIfEmpty().Max(), 0, Math.Max(12, maxWidth - figures));
        yield return new Segment(new string(' ', label) + Figures(Headings, widths), new Style(Color.Grey));
        yield return Segment.LineBreak;
        foreach (var row in _rows)
        {
            if (row.Figures is null)
            {
                yield return new Segment(Cut(row.Label, maxWidth), row.Style);
            }
            else
            {
                yield return new Segment(Cut(row.Label, label).PadRight(label), new Style(Color.Grey));
                yield return new Segment(Figures(row.Figures, widths), row.Style);
            }

            yield return Segment.LineBreak;
        }
    }

    private static IEnumerable<Row> RowsOf(BudgetTree.Branch branch, DateTimeOffset now)
    {
        var node = branch.Node.Body;
        var under = branch.Under + (branch.HasChildren ? "│  " : "   ");
        yield return new Row(branch.Before + Title(node, branch.PausedAbove), Figures: null, new Style(node.Paused is null && branch.PausedAbove is null ? null : Color.Red, decoration: Decoration.Bold));
        foreach (var limit in node.Limits)
        {
            var all = Budgets.Figures.Of(limit);
            var figures = new[]
            {
                LimitTable.Amount(limit),
                all.Granted == all.Limit ? "" : Dollars.Of(all.Granted),
                Dollars.Of(all.Spent),
                all.Held > Money.Zero ? Dollars.Of(all.Held) : "",
                Dollars.Of(all.Left),
                LimitTable.Resets(limit, now),
            };
            yield return new Row(
                under + LimitTable.Name(limit), figures, new Style(all.Left <= Money.Zero || limit.Overdrawn ? Color.Red : null));
            if (LimitTable.Raised(limit, now) is { } raised)
            {
                yield return new Row(under + raised, Figures: null, new Style(Color.Grey));
            }
        }

        if (node.IdenticalCalls is { } count)
        {
            yield return new Row(under + LimitTable.Breaker(count), Figures: null, new Style(Color.Grey));
        }
    }

    /// <summary>The id, which commands take, and what there is to say of it.</summary>
    private static string Title(NodeView node, string? pausedAbove) => node.Id
        + (node.Name is null || node.Name == node.Id ? "" : $" ({node.Name})")
        + (node.Paused is not { } pause ? pausedAbove is null ? "" : $"  paused with {pausedAbove}" : $"  PAUSED{(pause.By is null ? "" : $" by {pause.By}")}{(pause.Reason is null ? "" : $": {pause.Reason}")}");

    private static string Figures(string[] figures, int[] widths) => string.Concat(
        figures.Select((figure, at) => widths[at] == 0 ? "" : new string(' ', Gap) + figure.PadLeft(widths[at]))).TrimEnd();

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width - 1)] + "…";

    /// <param name="Label">The node; or its limit.</param>
    /// <param name="Figures">The limit's; null of a node.</param>
    /// <param name="Style">How it looks.</param>
    private sealed record Row(string Label, string[]? Figures, Style Style);
}
