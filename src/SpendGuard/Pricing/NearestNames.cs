using SpendGuard.Names;

namespace SpendGuard.Pricing;

/// <summary>
/// Finds the known models that may have been meant by an unknown one, for the message of the refusal: those with nearly that name, those that
/// begin with it or that it begins with, and those of another provider.
/// </summary>
internal static class NearestNames
{
    private const int Count = 3;
    private const int ShortestBeginning = 3;
    private const int LongestName = 128;

    /// <summary>So that a provider's own come first.</summary>
    private const int OtherProvider = 1;

    /// <param name="provider">Whose model was asked for; null for anybody's.</param>
    /// <param name="name">The name that was asked for.</param>
    /// <param name="known">The models that there are.</param>
    public static IReadOnlyList<ModelKey> To(string? provider, string name, IEnumerable<ModelKey> known) => name.Length > LongestName
        ? []
        : [.. known
            .Select(model => (model, distance: Distance(name, model.Model) + (provider is null || model.Provider == provider ? 0 : OtherProvider)))
            .Where(candidate => candidate.distance <= Nearness.Limit(name))
            .OrderBy(candidate => candidate.distance)
            .ThenBy(candidate => candidate.model.Model.Length)
            .ThenBy(candidate => candidate.model.ToString(), StringComparer.Ordinal)
            .Take(Count)
            .Select(candidate => candidate.model)];

    /// <summary>A date or a size that is missing, or too much, is as far as a name may be.</summary>
    private static int Distance(string name, string model)
    {
        var distance = Nearness.Distance(name, model);
        return Math.Min(name.Length, model.Length) >= ShortestBeginning
            && (model.StartsWith(name, StringComparison.OrdinalIgnoreCase) || name.StartsWith(model, StringComparison.OrdinalIgnoreCase))
            ? Math.Min(distance, Nearness.Limit(name))
            : distance;
    }
}
