using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.Headers;

namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>Reads a vendor's tables.</summary>
internal static class TableReader
{
    /// <summary>The version of the form that this reads.</summary>
    public const long Version = 1;

    /// <summary>Reads a vendor's tables from a file.</summary>
    /// <exception cref="TableFormatException">They cannot be used. Says where and why.</exception>
    public static VendorTables Read(ReadOnlyMemory<byte> utf8Json)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8Json);
            JsonText.Check(document);
            return Read(document.RootElement, "");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new TableFormatException("the text", $"is not JSON in valid UTF-8 ({exception.Message.TrimEnd('.')})", "Publish corrected tables.", innerException: exception);
        }
    }

    /// <summary>Reads a vendor's tables from a part of a document.</summary>
    /// <param name="value">The tables. All text in them can be read.</param>
    /// <param name="place">Where in the document they are.</param>
    /// <exception cref="TableFormatException">They cannot be used. Says where and why.</exception>
    public static VendorTables Read(JsonElement value, string place)
    {
        var root = TableJson.Of(value, place);
        if (root.Count("tables_version") is var version && version != Version)
        {
            throw TableFormatException.TooNew(root.At("tables_version"), $"is {version}, and this version reads {Version}");
        }

        root.Only("tables_version", "dated", "requests", "shapes", "betas", "headers");
        var shapes = ShapeReader.Read(root.Object("shapes"));
        var requests = root.Object("requests");
        var tables = new VendorTables
        {
            Dated = root.TextOrNull("dated") is { } dated ? Date(dated, root.At("dated")) : null,
            Requests = requests.Members.ToFrozenDictionary(member => member.Name, member => shapes.Named(member.Value, requests.At(member.Name)), StringComparer.Ordinal),
            Headers = new HeaderTable([.. Headers(root)]),
        };
        return tables with { Betas = new BetaTable([.. Betas(root, tables)]) };
    }

    private static DateTimeOffset Date(string text, string place) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            ? date
            : throw TableFormatException.Wrong(place, "has to be a time such as 2026-11-24T15:00:00Z");

    private static IEnumerable<HeaderRule> Headers(TableJson root)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (item, place) in root.Items("headers"))
        {
            var row = TableJson.Of(item, place).Only("name", "why", "values");
            var name = row.Text("name");
            if (!HeaderRule.MayBeGiven(name))
            {
                throw TableFormatException.Wrong(row.At("name"), $"is '{name}', which is not a caller's to set");
            }

            yield return names.Add(name)
                ? new HeaderRule(name, row.Text("why")) { Values = row.Texts("values") }
                : throw TableFormatException.Wrong(row.At("name"), $"is '{name}', which stands there twice");
        }
    }

    private static IEnumerable<FieldRule> Betas(TableJson root, VendorTables tables)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (item, place) in root.Has("betas") ? root.Items("betas") : [])
        {
            var json = TableJson.Of(item, place).Only("value", "kind", "by", "tokens", "why", "opens", "opens_input");
            var beta = RowReader.Read(json, "value", of: null) with
            {
                Opens = json.Texts("opens"),
                OpensInput = json.Has("opens_input") ? json.Count("opens_input") : null,
            };

            // The one reader of a value is that of the input that it opens.
            if (beta.Kind == FieldKind.Pinned || beta is { Kind: FieldKind.Bound, By: FieldBound.Reader, OpensInput: null })
            {
                throw TableFormatException.TooNew(json.At("kind"), "asks for a reader of the value, and this version has none");
            }

            if (beta.Opens.FirstOrDefault(path => !FieldPath.IsIn(tables, path)) is { } lost)
            {
                throw TableFormatException.Wrong(json.At("opens"), $"names '{lost}', which has no row");
            }

            yield return values.Add(beta.Name) ? beta : throw TableFormatException.Wrong(json.At("value"), $"is '{beta.Name}', which stands there twice");
        }
    }
}
