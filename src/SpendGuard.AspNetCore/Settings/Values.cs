using System.Globalization;

namespace SpendGuard.AspNetCore.Settings;

/// <summary>Reads values; what cannot be read is told of as the rest of a sentence that begins with the setting's name.</summary>
internal static class Values
{
    public static long Whole(string value) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
        ? whole
        : throw new FormatException($"is '{value}', and takes a whole number.");

    public static int Count(string value) => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)
        ? count
        : throw new FormatException($"is '{value}', and takes a whole number.");

    /// <remarks>.NET reads a bare number as days, which nobody means.</remarks>
    public static TimeSpan Time(string value) =>
        value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time)
            ? time
            : throw new FormatException($"is '{value}', and takes a time as hours:minutes:seconds, such as 00:00:30.");

    public static bool YesOrNo(string value) => bool.TryParse(value, out var yes)
        ? yes
        : throw new FormatException($"is '{value}', and takes true or false.");
}
