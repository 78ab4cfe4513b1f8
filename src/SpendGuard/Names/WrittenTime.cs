using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SpendGuard.Names;

/// <summary>A day or a moment as people write it: by ISO 8601, which means the same everywhere, as <c>05/11</c> does not.</summary>
[Experimental(ApiTier.Adapters)]
public static class WrittenTime
{
    private const string Day = "0000-00-00";

    /// <summary>Reads <c>2026-11-01</c>, <c>2026-11-01T12:00:00Z</c> or <c>2026-11-01 12:00:00+01:00</c>.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="time">The moment, in UTC, which it is in as well where it says nothing else; of a day, its beginning.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out DateTimeOffset time)
    {
        time = default;
        return text is not null && BeginsWithDay(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    private static bool BeginsWithDay(string text) =>
        text.Length >= Day.Length
        && (text.Length == Day.Length || text[Day.Length] is 'T' or ' ')
        && text.Take(Day.Length).Zip(Day).All(pair => pair.Second == '0' ? char.IsAsciiDigit(pair.First) : pair.First == pair.Second);
}
