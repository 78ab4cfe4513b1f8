namespace SpendGuard.Pricing;

/// <summary>Finds the known models whose names are closest to an unknown one, for the message of the refusal.</summary>
internal static class NearestNames
{
    private const int Count = 3;
    private const int LongestName = 128;

    public static IReadOnlyList<ModelKey> To(ModelKey unknown, IEnumerable<ModelKey> known) => unknown.Model.Length > LongestName
        ? []
        : [.. known
            .Select(model => (model, distance: Distance(unknown.Model, model.Model) + (model.Provider == unknown.Provider ? 0 : 4)))
            .Where(candidate => candidate.distance <= Math.Max(4, unknown.Model.Length / 2))
            .OrderBy(candidate => candidate.distance)
            .ThenBy(candidate => candidate.model.ToString(), StringComparer.Ordinal)
            .Take(Count)
            .Select(candidate => candidate.model)];

    /// <summary>The Levenshtein distance of two names.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[right.Length];
    }
}
