using System.Globalization;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Ledger;

/// <summary>A page of the ledger.</summary>
internal sealed class LedgerReport(Answer<LedgerPageView> page, AgentNames names) : IReport
{
    public JsonNode Json => page.Json;

    public IEnumerable<string> Lines => page.Body.Entries.Count == 0
        ? ["(no entries)"]
        : page.Body.Entries.Select(LineOf);

    public IRenderable Picture
    {
        get
        {
            if (page.Body.Entries.Count == 0)
            {
                return new Markup("[grey]There are no entries.[/]");
            }

            return new FittedTable<LedgerEntryView>(page.Body.Entries, ColumnsOf(names)) { Caption = More };
        }
    }

    public static string LineOf(LedgerEntryView entry) => string.Join(' ', LedgerColumns.All.Select(column => Line.Of(column.Name, column.Value(entry))));

    /// <summary>How to read on; null where there is nothing more.</summary>
    public string? More => !page.Body.HasMore ? null
        : page.Body.NextBefore is { } before ? $"There are older entries: --before {before}"
        : $"There are more entries: --after {page.Body.NextAfter}";

    /// <summary>What a terminal has room for, so that no word is broken: times without the year, agents by their names.</summary>
    private static IReadOnlyList<FittedColumn<LedgerEntryView>> ColumnsOf(AgentNames names) =>
    [
        new(">#", entry => entry.Sequence.ToString(CultureInfo.InvariantCulture)),
        new("at", entry => $"{entry.At.UtcDateTime:MM-dd HH:mm:ss}", Style: _ => new Style(Color.Grey)),
        new("what", entry => entry.Kind, Style: entry => new Style(Colour(entry.Kind))),
        new("agent", entry => entry.AgentId is { } agent ? names.InShort(agent) : entry.GroupId ?? "", IsCut: true),
        new("about", entry => entry.Model ?? entry.Limit ?? entry.Under ?? entry.Reason ?? "", IsCut: true),
        new(">amount", entry => Dollars.OfMicrocents(entry.AddedMicrocents ?? entry.AmountMicrocents)),
        new(">spent", entry => Dollars.AtAGlance(entry.SpentMicrocents), Rank: 2),
        new(">held", entry => Dollars.AtAGlance(entry.HeldMicrocents), Rank: 1),
    ];

    private static Color Colour(string kind) => kind switch
    {
        "settled" => Color.Green,
        "forfeited" => Color.Red,
        "corrected" => Color.Yellow,
        "reserved" => Color.Aqua,
        _ => Color.Grey,
    };
}
