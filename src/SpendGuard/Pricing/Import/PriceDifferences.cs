namespace SpendGuard.Pricing.Import;

/// <summary>Compares two price books field by field.</summary>
internal static class PriceDifferences
{
    /// <param name="before">The present book.</param>
    /// <param name="after">The new one.</param>
    /// <returns>The differences, by model and field; of providers that the new book knows only.</returns>
    public static IReadOnlyList<PriceDifference> Between(PriceBook before, PriceBook after)
    {
        var providers = after.Models.Select(model => model.Provider).ToHashSet(StringComparer.Ordinal);
        return [.. before.Models.Where(model => providers.Contains(model.Provider)).Union(after.Models)
            .OrderBy(model => model.ToString(), StringComparer.Ordinal)
            .SelectMany(model => Of(model, Fields(before, model), Fields(after, model)))];
    }

    private static IEnumerable<PriceDifference> Of(ModelKey model, Dictionary<string, string>? before, Dictionary<string, string>? after)
    {
        if (before is null || after is null)
        {
            return [new PriceDifference(model, "", before is null ? null : "priced", after is null ? null : "priced")];
        }

        return before.Keys.Union(after.Keys, StringComparer.Ordinal)
            .Select(field => new PriceDifference(model, field, before.GetValueOrDefault(field), after.GetValueOrDefault(field)))
            .Where(field => field.Before != field.After);
    }

    private static Dictionary<string, string>? Fields(PriceBook book, ModelKey model) => book.Models.Contains(model)
        ? RateCardFields.Of(book.Find(model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue))
            .ToDictionary(line => line.Field, line => line.Value, StringComparer.Ordinal)
        : null;
}
