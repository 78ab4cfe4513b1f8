using System.Globalization;

namespace SpendGuard.Cli.Output;

/// <summary>Counts as people read them.</summary>
internal static class Counts
{
    /// <summary>Three digits and a unit from a hundred thousand on.</summary>
    public static string AtAGlance(long count) => count switch
    {
        < 100_000 => string.Create(CultureInfo.InvariantCulture, $"{count:N0}"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1_000m:0}k"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1_000_000m:0.0}M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1_000_000_000m:0.0}B"),
    };
}
