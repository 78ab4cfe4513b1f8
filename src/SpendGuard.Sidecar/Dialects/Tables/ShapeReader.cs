using System.Text.Json;
using SpendGuard.Sidecar.Dialects.Fields;

namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>Reads the shapes of a vendor's tables, which refer to each other by name, and may be in themselves.</summary>
internal sealed class ShapeReader
{
    private readonly Dictionary<string, (FieldShape Shape, TableJson Json)> _named;

    private ShapeReader(Dictionary<string, (FieldShape Shape, TableJson Json)> named) => _named = named;

    /// <exception cref="TableFormatException">One of them cannot be used.</exception>
    public static ShapeReader Read(TableJson shapes)
    {
        var reader = new ShapeReader(shapes.Members
            .Select(member => (member.Name, Json: TableJson.Of(member.Value, shapes.At(member.Name))))
            .ToDictionary(member => member.Name, member => (Empty(member.Json), member.Json), StringComparer.Ordinal));
        foreach (var (shape, json) in reader._named.Values)
        {
            reader.Fill(shape, json);
        }

        return reader;
    }

    /// <summary>The shape that a value such as <c>"#block"</c> names.</summary>
    /// <exception cref="TableFormatException">There is none.</exception>
    public FieldShape Named(JsonElement value, string place)
    {
        var name = TableJson.TextOf(value, place);
        return name[0] == '#' && _named.TryGetValue(name[1..], out var named)
            ? named.Shape
            : throw TableFormatException.Wrong(place, $"is '{name}', which names no shape");
    }

    private static FieldShape Empty(TableJson json)
    {
        if (!json.Has("tag"))
        {
            json.Only("any_spelling", "fields");
            return new FieldTable(json.Flag("any_spelling"));
        }

        json.Only("tag", "untold", "untold_with", "kinds");
        var with = json.Has("untold_with") ? json.Object("untold_with") : default(TableJson?);
        return new FieldKinds(json.Text("tag"))
        {
            Untold = json.TextOrNull("untold"),
            UntoldWith = [.. with?.Members.Select(member => (member.Name, TableJson.TextOf(member.Value, with.Value.At(member.Name)))) ?? []],
        };
    }

    private void Fill(FieldShape shape, TableJson json)
    {
        var rows = new List<FieldRule>();
        var names = new HashSet<string>(shape is FieldKinds ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        foreach (var (item, place) in json.Items(shape is FieldKinds ? "kinds" : "fields"))
        {
            var row = Row(TableJson.Of(item, place).Only("name", "kind", "by", "tokens", "why", "of"));
            if (!names.Add(shape is FieldTable { AnySpelling: true } ? ProtoNames.Plain(row.Name)! : row.Name))
            {
                throw TableFormatException.Wrong(place, $"is '{row.Name}', which stands there twice");
            }

            if (shape is FieldKinds && row is { Kind: FieldKind.Free or FieldKind.Pinned, Of: null })
            {
                throw TableFormatException.Wrong(place, $"is '{row.Name}', and does not say what is in it");
            }

            rows.Add(row);
        }

        shape.Fill(rows);
        if (shape is FieldKinds kinds && kinds.UntoldWith.Select(other => other.Kind).Append(kinds.Untold).FirstOrDefault(kind => kind is not null && kinds.Find(kind) is null) is { } lost)
        {
            throw TableFormatException.Wrong(json.At("untold"), $"names '{lost}', which has no row");
        }
    }

    private FieldRule Row(TableJson json)
    {
        FieldShape? of = null;
        if (json.Has("of"))
        {
            var (value, place) = (json.Get("of"), json.At("of"));
            of = value.ValueKind == JsonValueKind.Object ? Inline(TableJson.Of(value, place)) : Named(value, place);
        }

        return RowReader.Read(json, "name", of);
    }

    private FieldShape Inline(TableJson json)
    {
        var shape = Empty(json);
        Fill(shape, json);
        return shape;
    }
}
