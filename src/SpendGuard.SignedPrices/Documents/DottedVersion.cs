using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>A version of one to four numbers with dots between them; parts that are not there are zero.</summary>
internal static class DottedVersion
{
    /// <exception cref="FormatException">The text is no such version.</exception>
    public static Version Read(string text) => TryParse(text, out var version) ? version : throw new FormatException($"'{text}' is not a version.");

    public static bool TryParse(string text, [NotNullWhen(true)] out Version? version)
    {
        version = null;
        if (!text.All(letter => char.IsAsciiDigit(letter) || letter == '.')
            || !Version.TryParse(text.Contains('.', StringComparison.Ordinal) ? text : text + ".0", out var parsed))
        {
            return false;
        }

        // 0.1 and 0.1.0 are the same version here; System.Version would have the first one be the lesser.
        version = new Version(parsed.Major, parsed.Minor, Math.Max(parsed.Build, 0), Math.Max(parsed.Revision, 0));
        return true;
    }
}
