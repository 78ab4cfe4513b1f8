using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Ledger;

/// <summary>A page of the ledger.</summary>
internal sealed class LedgerReport(Answer<LedgerPageView> page) : IReport
{
    public JsonNode Json => page.Json;

    public IEnumerable<string> Lines => page.Body.Entries.Count == 0
        ? ["(no entries)"]
        : page.Body.Entries.Select(entry => string.Join(' ', LedgerColumns.All.Select(column => Line.Of(column.Name, column.Value(entry)))));

    public IRenderable Picture
    {
        get
        {
            if (page.Body.Entries.Count == 0)
            {
                return new Markup("[grey]There are no entries.[/]");
            }

            var table = Tables.New(">#", "at", "what", "agent", "model", ">amount", ">spent", ">held");
            foreach (var entry in page.Body.Entries)
            {
                table.AddRow(
                    new Text(entry.Sequence.ToString()),
                    new Text($"{entry.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}", new Style(Color.Grey)),
                    new Text(entry.Kind, new Style(Colour(entry.Kind))),
                    new Text(entry.AgentId is { Length: 36 } id ? id[..8] : entry.AgentId ?? entry.GroupId ?? ""),
                    new Text(entry.Model ?? entry.Limit ?? entry.Under ?? entry.Reason ?? ""),
                    new Text(Dollars.OfMicrocents(entry.AmountMicrocents)),
                    new Text(Dollars.OfMicrocents(entry.SpentMicrocents)),
                    new Text(Dollars.OfMicrocents(entry.HeldMicrocents)));
            }

            table.Caption = page.Body.HasMore
                ? new TableTitle($"There are more: --after {page.Body.NextAfter}", new Style(Color.Grey))
                : null;
            return table;
        }
    }

    private static Color Colour(string kind) => kind switch
    {
        "settled" => Color.Green,
        "forfeited" => Color.Red,
        "corrected" => Color.Yellow,
        "reserved" => Color.Aqua,
        _ => Color.Grey,
    };
}
