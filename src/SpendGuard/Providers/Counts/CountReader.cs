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
                case JsonValueKind.Number or JsonValueKind.String when UsageJson.Number(member.Value) is { } number:
                    ReadNumber(section, name, number, UsageJson.IsWrittenAsCount(member.Value));
                    break;
                case JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False:
                    ReadNoNumber(section, name, member.Value);
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

    private void ReadNumber(string section, string name, decimal number, bool isWrittenAsCount)
    {
        switch (CountNames.KindOf(section, name))
        {
            case CountKind.Dollars:
                told.TakeDollars(Amount(name, number, perDollar: 1));
                break;
            case CountKind.Ticks when isWrittenAsCount:
                told.TakeTicks(Amount(name, number, TicksPerDollar));
                break;
            case CountKind.Ticks:
                // It may not be what is billed, but no more is known.
                told.TakeDollars(Amount(name, number, TicksPerDollar));
                told.TakeUnreadable(name);
                break;
            case var kind:
                var isCount = UsageJson.IsCount(number, out var count);
                told.Take(kind, name, count, isCount);
                if (kind is not (null or CountKind.NotBilled) && !isWrittenAsCount)
                {
                    told.TakeUnreadable(name);
                }

                break;
        }
    }

    /// <summary>A text, a truth, or a number beyond all reason. Of a name that is not known, only the last is no matter of course.</summary>
    private void ReadNoNumber(string section, string name, JsonElement value)
    {
        switch (CountNames.KindOf(section, name))
        {
            case CountKind.NotBilled:
                break;
            case CountKind.Dollars or CountKind.Ticks when value.ValueKind != JsonValueKind.Number:
                break;
            case null when CountNames.SectionOf(name) is null:
                if (value.ValueKind == JsonValueKind.Number && !IsZero(value))
                {
                    told.TakeNotUnderstood(name);
                }

                break;
            default:
                told.TakeUnreadable(name);
                break;
        }
    }

    /// <summary>An amount, rounded up to a whole microcent; null for what is none.</summary>
    private Money? Amount(string name, decimal amount, decimal perDollar)
    {
        if (amount > MostDollars * perDollar)
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
