using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Reports;

/// <summary>A report of who spent what.</summary>
internal sealed class SpendReportTable(Answer<ReportView> report) : IReport
{
    private static readonly Style Plain = Style.Plain;

    public JsonNode Json => report.Json;

    public IEnumerable<string> Lines => report.Body.Rows
        .Select(row => Fields(ReportColumns.Keys.Where(key => key.Value(row) is not null).Concat(ReportColumns.Sums), row))
        .Append("total " + Fields(ReportColumns.Sums, report.Body.Total));

    public IRenderable Picture
    {
        get
        {
            if (report.Body.Rows.Count == 0)
            {
                return new Markup("[grey]Nothing was called, and nothing was refused.[/]");
            }

            return new FittedTable<ReportRowView>(report.Body.Rows,
            [
                .. report.Body.By.Select(Key),
                new(">calls", row => Counts.AtAGlance(row.Calls)),
                new(">input", row => Tokens(row, tokens => tokens.Input), Rank: 2),
                new(">cache read", row => Tokens(row, tokens => tokens.CacheRead), Rank: 5),
                new(">written", row => Tokens(row, tokens => tokens.CacheWrite), Rank: 8),
                new(">output", row => Tokens(row, tokens => tokens.Output), Rank: 2),
                new(">reasoning", row => Tokens(row, tokens => tokens.Reasoning), Rank: 7),
                new(">cost", row => Dollars.AtAGlance(row.CostMicrocents), Style: _ => new Style(decoration: Decoration.Bold)),
                new(">held", row => Dollars.AtAGlance(row.HeldMicrocents), Rank: 6),
                new(">given back", row => Dollars.AtAGlance(row.GivenBackMicrocents), Rank: 6),
                new(">forfeited", row => row.ForfeitedMicrocents == 0 ? "" : Dollars.AtAGlance(row.ForfeitedMicrocents), Rank: 3, Style: _ => new Style(Color.Red)),
                new(">refused", row => row.Refused == 0 ? "" : Counts.AtAGlance(row.Refused), Rank: 1, Style: _ => new Style(Color.Yellow)),
            ])
            {
                Total = report.Body.Total with { AgentId = "total", GroupId = "total", Name = null, Model = "total", Day = "total", RunId = "total", Function = "total" },
                Caption = "Rounded. All figures, exact: --json or --csv",
            };
        }
    }

    private FittedColumn<ReportRowView> Key(string by) => new(
        by,
        row => row.Calls == report.Body.Total.Calls && IsTotal(row) && by != report.Body.By[0] ? "" : Of(row, by),
        IsCut: true,
        Style: _ => Plain);

    private static bool IsTotal(ReportRowView row) => row is { Day: "total", RunId: "total" };

    private static string Of(ReportRowView row, string by) => by switch
    {
        "agent" => row.Name ?? row.AgentId ?? "",
        "group" => row.Name ?? row.GroupId ?? "(no group)",
        "model" => row.Model ?? "(none)",
        "day" => row.Day ?? "",
        "run" => row.RunId ?? "(no run)",
        "function" => row.Function ?? "(none)",
        _ => "",
    };

    private static string Fields(IEnumerable<(string Name, Func<ReportRowView, string?> Value)> columns, ReportRowView row) =>
        string.Join(' ', columns.Select(column => Line.Of(column.Name, column.Value(row))));

    private static string Tokens(ReportRowView row, Func<TokensView, long> kind) => row.Tokens is { } tokens && kind(tokens) is > 0 and var count ? Counts.AtAGlance(count) : "";
}
