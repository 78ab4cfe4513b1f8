namespace SpendGuard.Pricing;

/// <summary>Finds the known models whose names are closest to an unknown one, for the message of the refusal.</summary>
internal static class NearestNames
{
    private const int Count = 3;
    private const int LongestName = 128;

    public static IReadOnlyList<ModelKey> To(ModelKey unknown, IEnumerable<ModelKey> known) => unknown.Model.Length > LongestName
        ? []
        : [.. known
            .Select(model => (model, distance: Nearness.Distance(unknown.Model, model.Model) + (model.Provider == unknown.Provider ? 0 : 4)))
            .Where(candidate => candidate.distance <= Math.Max(4, unknown.Model.Length / 2))
            .OrderBy(candidate => candidate.distance)
            .ThenBy(candidate => candidate.model.ToString(), StringComparer.Ordinal)
            .Take(Count)
            .Select(candidate => candidate.model)];
}
