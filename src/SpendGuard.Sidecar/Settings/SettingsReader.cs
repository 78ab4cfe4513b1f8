using System.Globalization;
using SpendGuard.Names;

namespace SpendGuard.Sidecar.Settings;

/// <summary>Reads single settings and gathers what is wrong with them.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was asked for, set or not: the names that settings have. So none is to be asked for only where another has some value.</summary>
    public IReadOnlyCollection<string> Names => _names;

    public string? Text(string name)
    {
        _names.Add(name);
        return configuration[name] is { Length: > 0 } value ? value.Trim() : null;
    }

    public string Text(string name, string fallback) => Text(name) ?? fallback;

    public bool Flag(string name, bool fallback) => Text(name)?.ToLowerInvariant() switch
    {
        null => fallback,
        "true" or "1" or "yes" or "on" => true,
        "false" or "0" or "no" or "off" => false,
        var other => Fault($"{name} is '{other}'; it has to be true or false.", fallback),
    };

    public long Count(string name, long fallback, long least = 1) => OptionalCount(name, least) ?? fallback;

    public long? OptionalCount(string name, long least = 1) => Text(name) switch
    {
        null => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least => value,
        var text => Fault($"{name} is '{text}'; it has to be a whole number of at least {least}.", (long?)null),
    };

    /// <summary>A moment, in UTC unless it says otherwise.</summary>
    public DateTimeOffset? Time(string name) => Text(name) switch
    {
        null => null,
        var text when WrittenTime.TryParse(text, out var value) => value,
        var text => Fault($"{name} is '{text}'; it has to be a time such as 2026-11-24T15:00:00Z.", (DateTimeOffset?)null),
    };

    public string Choice(string name, string fallback, params ReadOnlySpan<string> choices)
    {
        var value = Text(name, fallback).ToLowerInvariant();
        return choices.Contains(value)
            ? value
            : Fault($"{name} is '{value}'; it has to be one of {string.Join(", ", choices.ToArray())}.", fallback);
    }

    /// <summary>An address that nothing stands for where it is not set.</summary>
    public string RequiredAddress(string name) => Text(name) is null
        ? Fault($"{name} is not set; it has to be an http or https address without a query.", "http://unset.invalid")
        : Address(name, "");

    /// <summary>An HTTP address without a slash at the end.</summary>
    public string Address(string name, string fallback)
    {
        var value = Text(name, fallback).TrimEnd('/');
        return Uri.TryCreate(value, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Query: "" }
            ? value
            : Fault($"{name} is '{value}'; it has to be an http or https address without a query.", fallback);
    }

    public IReadOnlyList<string> List(string name) =>
        Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public T Fault<T>(string fault, T fallback)
    {
        _faults.Add(fault);
        return fallback;
    }

    /// <exception cref="SettingsException">Something was wrong.</exception>
    public void ThrowIfFaulty()
    {
        if (_faults.Count > 0)
        {
            throw new SettingsException(_faults);
        }
    }
}
