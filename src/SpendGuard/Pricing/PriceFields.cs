using System.Globalization;
using System.Text.Json;

namespace SpendGuard.Pricing;

/// <summary>The fields of one JSON object in a price document. Reads them by type, and names model and field where one is at fault.</summary>
/// <remarks>A field that is null counts as absent; a field that nobody asks for is ignored, so that documents can carry more for newer engines.</remarks>
internal sealed class PriceFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly ModelKey? _model;
    private readonly string _path;

    public PriceFields(JsonElement element, ModelKey? model = null, string path = "")
    {
        _model = model;
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Fault("", "is not a JSON object");
        }

        foreach (var field in element.EnumerateObject())
        {
            // Of two fields with one name, readers differ in which one they take. A price must not depend on that.
            if (!_fields.TryAdd(field.Name, field.Value))
            {
                throw Fault(field.Name, "stands there twice");
            }
        }
    }

    private PriceFields(PriceFields under, PriceFields over)
    {
        _model = over._model;
        _path = over._path;
        _fields = new Dictionary<string, JsonElement>(under._fields, StringComparer.Ordinal);
        foreach (var (name, value) in over._fields)
        {
            _fields[name] = value;
        }
    }

    /// <summary>These fields, with others in place of those of the same name.</summary>
    public PriceFields With(PriceFields over) => new(this, over);

    /// <summary>Every field that is an object of its own.</summary>
    public IEnumerable<(string Name, JsonElement Value)> Members() => _fields.Select(field => (field.Key, field.Value));

    public bool Has(string name) => Find(name) is not null;

    public PriceFields? Object(string name) => Find(name) is { } value ? new PriceFields(value, _model, PathOf(name)) : null;

    public IEnumerable<PriceFields> List(string name)
    {
        if (Find(name) is not { } value)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select((item, index) => new PriceFields(item, _model, $"{PathOf(name)}[{index}]"))
            : throw Fault(name, "is not a list");
    }

    public Rate? Rate(string name, decimal microcentsPerUnit = 1)
    {
        if (Number(name) is not { } number)
        {
            return null;
        }

        try
        {
            return SpendGuard.Rate.FromMicrocents(number * microcentsPerUnit);
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            throw Fault(name, $"is too large or has too many decimals ({number})");
        }
    }

    public Rate RequiredRate(string name) => Rate(name) ?? throw Fault(name, "is missing");

    /// <summary>A number that is multiplied with rates.</summary>
    public decimal? Factor(string name) => Number(name) is not 0 and var factor ? factor : throw Fault(name, "is zero");

    public decimal RequiredFactor(string name) => Factor(name) ?? throw Fault(name, "is missing");

    public long? Count(string name)
    {
        if (Number(name) is not { } number)
        {
            return null;
        }

        return decimal.IsInteger(number) && number <= long.MaxValue
            ? decimal.ToInt64(number)
            : throw Fault(name, $"is not a whole number of 64 bits ({number})");
    }

    public bool Flag(string name) => Find(name) is { } value
        && (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Fault(name, "is neither true nor false"));

    /// <summary>A moment in ISO 8601; UTC when it names no offset.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        // The first check holds the text to ISO 8601; the second reading does not depend on this machine's time zone.
        return value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _)
            && DateTimeOffset.TryParse(
                value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : throw Fault(name, "is not a date and time in ISO 8601");
    }

    public DateTimeOffset RequiredInstant(string name) => Instant(name) ?? throw Fault(name, "is missing");

    public PriceFormatException Fault(string name, string what)
    {
        var field = PathOf(name);
        var subject = (_model, field) switch
        {
            (null, "") => "the document",
            (null, _) => field,
            ({ } model, "") => $"the rate card of {model}",
            ({ } model, _) => $"{field} of {model}",
        };
        return new PriceFormatException($"The prices cannot be used: {subject} {what}.", _model, field.Length == 0 ? null : field);
    }

    private decimal? Number(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number))
        {
            throw Fault(name, "is not a number in range");
        }

        return number >= 0 ? number : throw Fault(name, $"is negative ({number})");
    }

    private JsonElement? Find(string name) =>
        _fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string PathOf(string name) => _path.Length == 0 ? name : name.Length == 0 ? _path : $"{_path}.{name}";
}
