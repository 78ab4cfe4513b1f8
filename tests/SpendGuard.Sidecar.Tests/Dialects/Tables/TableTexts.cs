using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Dialects.Tables;

namespace SpendGuard.Sidecar.Tests.Dialects.Tables;

/// <summary>Tables for tests.</summary>
internal static class TableTexts
{
    /// <summary>Tables with a bit of everything.</summary>
    public const string Small =
        """{"tables_version":1,"dated":"2026-01-01T00:00:00Z","requests":{"messages":"#request"},"shapes":{"request":{"fields":[{"name":"notes","kind":"bound","by":"input","why":"It is input.","of":"#part"},{"name":"stream","kind":"free"}]},"part":{"tag":"type","untold":"text","untold_with":{"parts":"list"},"kinds":[{"name":"text","kind":"free","of":{"fields":[]}},{"name":"list","kind":"bound","by":"maximum","why":"It cannot be seen.","of":{"any_spelling":true,"fields":[{"name":"type","kind":"free"},{"name":"parts","kind":"free","of":"#part"}]}}]}},"betas":[{"value":"notes-2026","kind":"refused","why":"It is not bounded.","opens":["notes[text]"]}],"headers":[{"name":"User-Agent","why":"It names the client.","values":["a"]}]}""";

    public static VendorTables Read(string text) => TableReader.Read(Encoding.UTF8.GetBytes(text));

    /// <summary>A vendor's tables as they ship.</summary>
    public static JsonObject Bundled(string vendor) => JsonNode.Parse(RequestTables.BundledText(vendor))!.AsObject();

    /// <summary>The same with a row more in one of their shapes, in the place of any of its name.</summary>
    public static JsonObject With(string vendor, string shape, string row) => With(Bundled(vendor), shape, row);

    /// <summary>Tables with a row more in one of their shapes, in the place of any of its name.</summary>
    public static JsonObject With(JsonObject tables, string shape, string row)
    {
        var added = JsonNode.Parse(row)!.AsObject();
        var shapeJson = tables["shapes"]![shape]!;
        var rows = (shapeJson["fields"] ?? shapeJson["kinds"])!.AsArray();
        foreach (var same in rows.OfType<JsonObject>().Where(other => (string?)other["name"] == (string?)added["name"]).ToList())
        {
            rows.Remove(same);
        }

        rows.Add(added);
        return tables;
    }

    /// <summary>Every row of fields and kinds, wherever it is.</summary>
    public static IEnumerable<JsonObject> Rows(JsonNode? node) => node switch
    {
        JsonObject part => part.SelectMany(member => member.Key is "fields" or "kinds" && member.Value is JsonArray rows
            ? rows.OfType<JsonObject>().SelectMany(row => Rows(row["of"]).Prepend(row))
            : Rows(member.Value)),
        _ => [],
    };

    /// <summary>Whether the code reads or pins it.</summary>
    public static bool IsOfCode(JsonObject row) => (string?)row["kind"] == "pinned" || (string?)row["by"] == "reader";
}
