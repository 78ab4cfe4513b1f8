using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Import;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Prices;

/// <summary>What an import gave: how it differs from the present prices, what it refused and what it corrected.</summary>
internal sealed class ImportReport(PriceImport import, PriceBook present) : IReport
{
    private readonly IReadOnlyList<PriceDifference> _differences = import.DifferencesFrom(present);

    public JsonNode Json => new JsonObject
    {
        ["models"] = import.Book.Models.Count,
        ["compared_with"] = present.Source,
        ["differences"] = new JsonArray([.. _differences.Select(difference => (JsonNode)new JsonObject
        {
            ["model"] = difference.Model.ToString(),
            ["field"] = difference.Field,
            ["before"] = difference.Before,
            ["after"] = difference.After,
        })]),
        ["refused"] = Notes(import.Refused),
        ["corrected"] = Notes(import.Corrected),
    };

    public IEnumerable<string> Lines =>
    [
        .. _differences.Select(difference =>
            $"differs {Line.Of("model", difference.Model.ToString())} {Line.Of("field", difference.Field)} {Line.Of("before", difference.Before)} {Line.Of("after", difference.After)}"),
        .. import.Refused.Select(note => $"refused {Line.Of("name", note.Name)} {Line.Of("reason", note.Reason)}"),
        .. import.Corrected.Select(note => $"corrected {Line.Of("name", note.Name)} {Line.Of("reason", note.Reason)}"),
        $"{Line.Of("models", import.Book.Models.Count)} {Line.Of("differences", _differences.Count)} {Line.Of("refused", import.Refused.Count)} {Line.Of("corrected", import.Corrected.Count)}",
    ];

    public IRenderable Picture => new Rows([
        .. Table(["model", "field", ">before", ">after"], _differences.Select(difference =>
            (string[])[difference.Model.ToString(), difference.Field, difference.Before ?? "-", difference.After ?? "-"])),
        .. Table(["refused", "reason"], import.Refused.Select(note => (string[])[note.Name, note.Reason])),
        .. Table(["corrected", "reason"], import.Corrected.Select(note => (string[])[note.Name, note.Reason])),
        Markup.FromInterpolated($"Models: [bold]{import.Book.Models.Count}[/]. Compared with {present.Source} of {Moment.Of(present.GeneratedAt)}."),
    ]);

    /// <summary>A table, or nothing where it would be empty.</summary>
    private static IEnumerable<IRenderable> Table(string[] headings, IEnumerable<string[]> rows)
    {
        var table = Tables.New(headings);
        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        return table.Rows.Count > 0 ? [table] : [];
    }

    private static JsonArray Notes(IReadOnlyList<PriceImportNote> notes) =>
        new([.. notes.Select(note => (JsonNode)new JsonObject { ["name"] = note.Name, ["reason"] = note.Reason })]);
}
