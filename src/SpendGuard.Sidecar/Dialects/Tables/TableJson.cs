using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>An object of a table, with its place for a sentence. What it does not know in it is too new: it may be what makes a row safe.</summary>
internal readonly struct TableJson
{
    private readonly JsonElement _value;

    private TableJson(JsonElement value, string place) => (_value, Place) = (value, place);

    /// <summary>Where in the tables it is.</summary>
    public string Place { get; }

    /// <summary>The names and values in it, each name once.</summary>
    public IEnumerable<(string Name, JsonElement Value)> Members => _value.EnumerateObject().Select(member => (member.Name, member.Value));

    /// <exception cref="TableFormatException">The value is no object, or has a name twice.</exception>
    public static TableJson Of(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw TableFormatException.Wrong(place, "has to be an object");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var twice = value.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !names.Add(name));
        return twice is null ? new TableJson(value, place) : throw TableFormatException.Wrong($"{place}.{twice}", "stands there twice");
    }

    /// <summary>Lets no other names be in it.</summary>
    /// <exception cref="TableFormatException">Another one is.</exception>
    public TableJson Only(params ReadOnlySpan<string> names)
    {
        foreach (var member in _value.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                throw TableFormatException.TooNew(At(member.Name), "is not understood by this version");
            }
        }

        return this;
    }

    /// <summary>The place of a member.</summary>
    public string At(string name) => Place.Length == 0 ? name : $"{Place}.{name}";

    /// <summary>Whether it has a member.</summary>
    public bool Has(string name) => _value.TryGetProperty(name, out _);

    /// <summary>A member.</summary>
    /// <exception cref="TableFormatException">It is missing.</exception>
    public JsonElement Get(string name) =>
        _value.TryGetProperty(name, out var value) ? value : throw TableFormatException.Wrong(At(name), "is missing");

    /// <summary>A member that is an object.</summary>
    /// <exception cref="TableFormatException">It is missing, or none.</exception>
    public TableJson Object(string name) => Of(Get(name), At(name));

    /// <summary>A text that is not empty.</summary>
    /// <exception cref="TableFormatException">It is missing, or none.</exception>
    public string Text(string name) => TextOf(Get(name), At(name));

    /// <summary>A text; null where it is missing.</summary>
    /// <exception cref="TableFormatException">It is none.</exception>
    public string? TextOrNull(string name) => Has(name) ? Text(name) : null;

    /// <summary>A whole number from 0 to a hundred million; 0 where it is missing.</summary>
    /// <exception cref="TableFormatException">It is none.</exception>
    public long Count(string name) =>
        !Has(name) ? 0
        : Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) && count is >= 0 and <= 100_000_000 ? count
        : throw TableFormatException.Wrong(At(name), "has to be a whole number from 0 to 100000000");

    /// <summary>True or false; false where it is missing.</summary>
    /// <exception cref="TableFormatException">It is neither.</exception>
    public bool Flag(string name) => Has(name) && Get(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw TableFormatException.Wrong(At(name), "has to be true or false"),
    };

    /// <summary>The items of a list, each with its place.</summary>
    /// <exception cref="TableFormatException">It is missing, or none.</exception>
    public IEnumerable<(JsonElement Item, string Place)> Items(string name)
    {
        var place = At(name);
        return Get(name) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select((item, index) => (item, $"{place}[{index}]"))
            : throw TableFormatException.Wrong(place, "has to be a list");
    }

    /// <summary>The texts of a list; none where it is missing.</summary>
    /// <exception cref="TableFormatException">It is no list of texts.</exception>
    public IReadOnlyList<string> Texts(string name) =>
        Has(name) ? [.. Items(name).Select(item => TextOf(item.Item, item.Place))] : [];

    /// <summary>A text that is not empty.</summary>
    /// <exception cref="TableFormatException">The value is none.</exception>
    public static string TextOf(JsonElement value, string place) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw TableFormatException.Wrong(place, "has to be a text that is not empty");
}
