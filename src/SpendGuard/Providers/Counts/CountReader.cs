using System.Globalization;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.Counts;

/// <summary>Reads a usage as JSON, whoever wrote it.</summary>
/// <param name="told">Takes in what it says.</param>
/// <param name="elsewhere">Objects and lists in it that others read.</param>
internal sealed class CountReader(ToldCounts told, string[] elsewhere)
{
    private const string NoText = "a name that is no text";

    private const decimal TicksPerDollar = 10_000_000_000;

    /// <summary>Beyond the cost of any call.</summary>
    private const decimal MostDollars = 25_000;

    public void Read(JsonElement usage)
    {
        if (usage.ValueKind == JsonValueKind.Object)
        {
            ReadObject("", usage);
        }
        else
        {
            told.TakeUnreadable("usage");
        }
    }

    private void ReadObject(string section, JsonElement usage)
    {
        foreach (var member in usage.EnumerateObject())
        {
            var name = TextOf(() => member.Name) ?? NoText;
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Number:
                    ReadNumber(section, name, member.Value);
                    break;
                case JsonValueKind.String or JsonValueKind.True or JsonValueKind.False:
                    ReadText(section, name, member.Value);
                    break;
                case JsonValueKind.Object or JsonValueKind.Array when !elsewhere.Contains(name) && !CountNames.IsRepetition(name):
                    ReadNested(name, member.Value);
                    break;
            }
        }
    }

    private void ReadNested(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && CountNames.SectionOf(name) is { } section)
        {
            ReadObject(section, value);
        }
        else if (HasNumber(value))
        {
            told.TakeNotUnderstood(name);
        }
    }

    private void ReadNumber(string section, string name, JsonElement value)
    {
        switch (CountNames.KindOf(section, name))
        {
            case CountKind.Dollars:
                told.TakeDollars(Amount(name, value, perDollar: 1));
                break;
            case CountKind.Ticks:
                told.TakeTicks(value.TryGetInt64(out _) ? Amount(name, value, TicksPerDollar) : Unreadable(name));
                break;
            case var kind:
                var isCount = value.TryGetInt64(out var count) && count is >= 0 and <= OverlappingCounts.MostTokens;
                told.Take(kind, name, count, isCount || IsZero(value));
                break;
        }
    }

    /// <summary>A text or a truth, which is no count. Where none is expected, only a text that is a number looks like one.</summary>
    private void ReadText(string section, string name, JsonElement value)
    {
        var kind = CountNames.KindOf(section, name);
        var isNumber = value.ValueKind == JsonValueKind.String
            && decimal.TryParse(TextOf(value.GetString), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number != 0;
        if (kind is not (null or CountKind.NotBilled or CountKind.Dollars or CountKind.Ticks) || (kind is null && CountNames.SectionOf(name) is not null))
        {
            told.TakeUnreadable(name);
        }
        else if (isNumber && kind != CountKind.NotBilled)
        {
            told.TakeNotUnderstood(name);
        }
    }

    /// <summary>An amount, rounded up to a whole microcent; null for what is none.</summary>
    private Money? Amount(string name, JsonElement value, decimal perDollar)
    {
        if (!value.TryGetDecimal(out var amount) || amount > MostDollars * perDollar)
        {
            return Unreadable(name);
        }

        var microcents = Money.FromDollars(1).Microcents / perDollar;
        return amount > 0 ? Money.FromMicrocents(decimal.ToInt64(decimal.Ceiling(amount * microcents))) : null;
    }

    private Money? Unreadable(string name)
    {
        told.TakeUnreadable(name);
        return null;
    }

    private static bool HasNumber(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member => HasNumber(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HasNumber),
        JsonValueKind.Number => !IsZero(value),
        _ => false,
    };

    private static bool IsZero(JsonElement value) => value.TryGetDouble(out var number) && number == 0;

    /// <summary>A text; null for one that is no valid Unicode.</summary>
    private static string? TextOf(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
