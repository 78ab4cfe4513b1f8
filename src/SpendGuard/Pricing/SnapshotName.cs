using System.Text.RegularExpressions;

namespace SpendGuard.Pricing;

/// <summary>Tells a model's name from what names a snapshot of it: a date, a number, or that it is the latest.</summary>
internal static partial class SnapshotName
{
    private const int LongestName = 200;

    /// <summary>Whether two names are of one model, whichever snapshots of it they name.</summary>
    public static bool IsSameModel(string left, string right) => string.Equals(ModelOf(left), ModelOf(right), StringComparison.OrdinalIgnoreCase);

    /// <summary>The model without what names a snapshot of it, and without the path that some providers put before it.</summary>
    public static string ModelOf(string name) =>
        name.Length > LongestName ? name : Snapshot().Replace(name[(name.LastIndexOf('/') + 1)..], "");

    /// <summary>As in <c>-2024-07-18</c>, <c>-20250929</c>, <c>-0613</c>, <c>-001</c>, <c>-preview-05-20</c>, <c>@20250929</c>, <c>-latest</c>.</summary>
    [GeneratedRegex("(?:[-@:](?:latest|preview|exp|[0-9]{3,8}|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}-(?:[0-9]{2}|[0-9]{4})))+$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Snapshot();
}
