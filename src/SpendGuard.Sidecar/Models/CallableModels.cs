using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Models;

/// <summary>The models of a provider that can be called: those with a price in force, but for the ones of which every call is refused.</summary>
/// <param name="provider">The provider, as the price book names it.</param>
/// <param name="book">The prices in force.</param>
/// <param name="now">The time.</param>
internal sealed class CallableModels(string provider, PriceBook book, DateTimeOffset now)
{
    /// <summary>The least that can be asked of a model.</summary>
    private static readonly CallShape Least = new() { InputBound = 1, OutputTokens = 1 };

    /// <summary>All of them, by name.</summary>
    /// <exception cref="PricesExpiredException">No call can be made.</exception>
    public IReadOnlyList<CallableModel> All() =>
    [
        .. book.Models
            .Where(model => model.Provider == provider && !ImageShape.IsOfSize(model) && book.Contains(model, now))
            .Select(Card)
            .Where(card => WhyRefused(card) is null)
            .Select(Model)
            .OrderBy(model => model.Name, StringComparer.Ordinal),
    ];

    /// <summary>One of them.</summary>
    /// <param name="name">The provider's name for it.</param>
    /// <exception cref="BadRequestException">It cannot be called; says why, or which names are near.</exception>
    /// <exception cref="PricesExpiredException">No call can be made.</exception>
    public CallableModel Find(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw NotFound($"{provider} has no model without a name.");
        }

        try
        {
            var card = Card(new ModelKey(provider, name));
            return WhyRefused(card) is { } why ? throw NotFound($"every call of {name} is refused here. {why}") : Model(card);
        }
        catch (UnknownModelException unknown)
        {
            var nearest = unknown.Nearest.Where(model => model.Provider == provider).Select(model => model.Model).ToList();
            throw NotFound($"no model of {provider} with the name '{name}' has a price here, so none can be called."
                + (nearest.Count > 0 ? $" The nearest are {string.Join(", ", nearest)}." : ""));
        }
    }

    private static BadRequestException NotFound(string why) => new("Model not found", StatusCodes.Status404NotFound) { Told = $"Model not found: {why}" };

    /// <summary>Why no call of it is let through; null where some are.</summary>
    private static string? WhyRefused(RateCard card)
    {
        try
        {
            WorstCase.Of(Least, Vendor.Complete([card]));
            return Vendor.Of(card.Model.Provider).UnboundedBy(card.Model.Model)?.Reason;
        }
        catch (UnboundedCostException unbounded)
        {
            return unbounded.Message;
        }
    }

    private RateCard Card(ModelKey model) => book.Find(model, now, now)[0];

    private CallableModel Model(RateCard card) =>
        new(card.Model, card.EffectiveFrom ?? book.GeneratedAt, card.MaxInputTokens, card.MaxOutputTokens);
}
