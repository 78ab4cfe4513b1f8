using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SpendGuard.Budgets;

/// <summary>The percentages of a limit at which an alert is raised, each once a window, in ascending order. Two of the same are equal.</summary>
[Experimental(ApiTier.Stores)]
[SuppressMessage("Naming", "CA1710", Justification = "It is a value, whose parts can be gone through.")]
public sealed class AlertThresholds : IReadOnlyList<int>, IEquatable<AlertThresholds>
{
    private const int Most = 8;

    private readonly int[] _percentages;

    /// <summary>Takes percentages in any order; one that comes twice counts once.</summary>
    /// <param name="percentages">Each 1 to 100, and no more than 8 of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not 1 to 100, or there are more than 8.</exception>
    public AlertThresholds(IEnumerable<int> percentages)
    {
        _percentages = [.. percentages.Distinct().Order()];
        if (_percentages.Length > Most || Array.Exists(_percentages, percentage => percentage is < 1 or > 100))
        {
            throw new ArgumentOutOfRangeException(
                nameof(percentages), ToString(), $"Alerts are raised at up to {Most} percentages of a limit, each 1 to 100.");
        }
    }

    /// <summary>None: nothing is told of how full the limit is.</summary>
    public static AlertThresholds None { get; } = new([]);

    /// <summary>What a limit has that says nothing of it: 80 and 100 percent.</summary>
    public static AlertThresholds Default { get; } = new([80, 100]);

    /// <inheritdoc/>
    public int Count => _percentages.Length;

    /// <inheritdoc/>
    public int this[int index] => _percentages[index];

    /// <summary>Reads what <see cref="ToText"/> has written.</summary>
    /// <param name="text">The text; null for the default.</param>
    /// <exception cref="FormatException">It is something else.</exception>
    [Experimental(ApiTier.Stores)]
    public static AlertThresholds Parse(string? text)
    {
        try
        {
            return text switch
            {
                null => Default,
                "" => None,
                _ => new AlertThresholds(text.Split(',').Select(part => int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture))),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw new FormatException("The thresholds of a limit cannot be read.", exception);
        }
    }

    /// <summary>As a store can keep them: <c>80,100</c>, empty for none; null for the default.</summary>
    [Experimental(ApiTier.Stores)]
    public string? ToText() => Equals(Default) ? null : ToString();

    /// <inheritdoc/>
    public bool Equals(AlertThresholds? other) => other is not null && _percentages.AsSpan().SequenceEqual(other._percentages);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AlertThresholds);

    /// <inheritdoc/>
    public override int GetHashCode() => _percentages.Aggregate(0, HashCode.Combine);

    /// <summary>Such as <c>80,100</c>; empty for none.</summary>
    public override string ToString() => string.Join(',', _percentages.Select(percentage => percentage.ToString(CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_percentages).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
