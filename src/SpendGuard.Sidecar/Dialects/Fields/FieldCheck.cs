using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Fields;

/// <summary>The check of one request against its tables: where in the request it is, and what it has let through.</summary>
internal sealed class FieldCheck(FieldPolicy policy)
{
    private const int LongestName = 64;

    /// <summary>Names, identifiers and settings are no longer.</summary>
    private const int LongestSetting = 64;

    /// <summary>More names than that tell nobody anything.</summary>
    private const int MostUnknown = 64;

    private readonly List<string> _path = [];
    private readonly ImmutableArray<CountedField>.Builder _counted = ImmutableArray.CreateBuilder<CountedField>();
    private readonly ImmutableArray<string>.Builder _unknown = ImmutableArray.CreateBuilder<string>();
    private long _longText;
    private int _insideCounted;

    /// <summary>What was let through.</summary>
    public CheckedFields Done => new(_unknown.ToImmutable(), _longText) { Counted = _counted.ToImmutable() };

    /// <summary>Goes into a part of the request until what is returned is disposed.</summary>
    public Scope Within(string part)
    {
        _path.Add(part);
        return new Scope(_path);
    }

    /// <summary>The path to what is being checked.</summary>
    public string Path => string.Concat(_path.Select((part, index) => index == 0 || part == "[]" ? part : "." + part));

    /// <summary>The path to a field of the object that is being checked, such as <c>messages[].content[].foo</c>.</summary>
    public string PathOf(string name) => _path.Count == 0 ? Shown(name) : $"{Path}.{Shown(name)}";

    /// <summary>A name from the request as it is shown: whatever its length, a sentence stays one.</summary>
    public static string Shown(string name) => name.Length <= LongestName ? name : string.Concat(name.AsSpan(0, LongestName), "…");

    /// <summary>Refuses, in strict mode, what is not known; notes it otherwise.</summary>
    /// <param name="feature">How the reservation is marked.</param>
    /// <param name="sentence">What it is, as the first part of a sentence.</param>
    /// <param name="nearest">Finds the name that may have been meant; null where none is.</param>
    public void Meet(string feature, string sentence, Func<string?>? nearest = null)
    {
        if (policy.Strict)
        {
            throw new BadRequestException(
                $"{sentence} not known, so its cost has no bound. Leave it out, or set SPENDGUARD_STRICT_FIELDS=false."
                + (nearest?.Invoke() is { } meant ? $" Did you mean '{meant}'?" : ""));
        }

        if (_unknown.Count < MostUnknown && !_unknown.Contains(feature))
        {
            _unknown.Add(feature);
        }
    }

    /// <summary>Lets a value through by its row, once what is in it has been checked.</summary>
    public void Take(FieldRule rule, JsonElement value)
    {
        if (rule.IsCounted)
        {
            Count(rule, value);
        }
        else if (rule.Of is { } inside)
        {
            inside.Check(value, this);
            if (rule.Kind == FieldKind.Free && value.ValueKind == JsonValueKind.String)
            {
                TakeFree(value);
            }
        }
        else if (rule.Kind == FieldKind.Free)
        {
            TakeFree(value);
        }
    }

    /// <summary>Counts a value by what the table alone says of it. What is in it is within that, but for what is more than its JSON.</summary>
    public void Count(FieldRule rule, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        var field = new CountedField(Path, rule.Tokens) { Value = _insideCounted > 0 ? null : value, IsUnseen = rule.By == FieldBound.Maximum };
        if (field is { Value: not null } or { Tokens: > 0 } or { IsUnseen: true })
        {
            _counted.Add(field);
        }

        _insideCounted++;
        rule.Of?.Check(value, this);
        _insideCounted--;
    }

    /// <summary>Counts what is no field, such as a header's value, by what its row says of it.</summary>
    public void Count(FieldRule rule, string name) =>
        _counted.Add(new CountedField(name, rule.Tokens) { IsUnseen = rule.By == FieldBound.Maximum });

    /// <summary>Lets through what cannot move the bill. A text in the place of a setting, or in a label, can, once it is long.</summary>
    private void TakeFree(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                TakeText(JsonMarshal.GetRawUtf8Value(value).Length);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    TakeFree(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var field in value.EnumerateObject())
                {
                    TakeText(JsonMarshal.GetRawUtf8PropertyName(field).Length);
                    TakeFree(field.Value);
                }

                break;
        }
    }

    /// <summary>Counts a text that is longer than a setting, unless it is within what is counted as a whole.</summary>
    private void TakeText(int length)
    {
        if (_insideCounted == 0 && length > LongestSetting)
        {
            _longText += length;
        }
    }

    /// <summary>Ends the stay in a part of the request.</summary>
    internal readonly struct Scope(List<string> path) : IDisposable
    {
        public void Dispose() => path.RemoveAt(path.Count - 1);
    }
}
