using SpendGuard.Pricing;

namespace SpendGuard.Batches;

/// <summary>The models of a batch in the one text that a reservation has for what is called.</summary>
internal static class BatchModels
{
    private const string Between = ", ";
    private const int LongestText = 1000;

    /// <exception cref="ArgumentException">They are too many to be kept with a reservation.</exception>
    public static string Join(IEnumerable<ModelKey> models)
    {
        var text = string.Join(Between, models.Select(static model => model.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return text.Length <= LongestText
            ? text
            : throw new ArgumentException("The batch is for more models than can be kept with its hold. Make several batches of it.", nameof(models));
    }

    public static IReadOnlyList<ModelKey> Split(string? text) =>
        [.. (text ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries).Select(static name => name.Split(':', 2)).Where(static parts => parts.Length == 2)
            .Select(static parts => new ModelKey(parts[0], parts[1]))];
}
