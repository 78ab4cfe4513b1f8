using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Names;

/// <summary>How near two names are to each other, for whoever is told what else may have been meant.</summary>
[Experimental(ApiTier.Adapters)]
public static class Nearness
{
    /// <summary>Whether one name may have been meant by another: two letters differ at most, in long names every fourth.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="meant">What may have been meant.</param>
    public static bool IsNear(string name, string meant) => Distance(name, meant) <= Limit(name);

    /// <summary>How many letters of a name may differ.</summary>
    internal static int Limit(string name) => Math.Max(Math.Min(2, name.Length - 1), name.Length / 4);

    /// <summary>How many letters have to be added, left out or replaced to make one name of the other, without regard to case.</summary>
    /// <param name="left">A name.</param>
    /// <param name="right">Another.</param>
    public static int Distance(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[right.Length];
    }
}
