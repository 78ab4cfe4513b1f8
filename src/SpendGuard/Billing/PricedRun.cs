using SpendGuard.Pricing;

namespace SpendGuard.Billing;

/// <summary>One run of a model in a call, of which most have one, and what prices it.</summary>
/// <param name="Model">The provider's name for the model; null where nobody tells.</param>
/// <param name="Cards">The cards that price it; null where it has no price.</param>
/// <param name="Usage">What was counted for the run.</param>
internal sealed record PricedRun(string? Model, IReadOnlyList<RateCard>? Cards, Usage Usage)
{
    /// <summary>The runs of a call.</summary>
    /// <param name="usage">What was counted.</param>
    /// <param name="model">The model that served the call; null where nobody tells.</param>
    /// <param name="prices">The cards that can apply.</param>
    public static IReadOnlyList<PricedRun> Of(Usage usage, string? model, ServedPrices prices) => usage.Iterations is { IsDefaultOrEmpty: false } several
        ? [.. several.Select(iteration => string.IsNullOrWhiteSpace(iteration.Model)
            ? new PricedRun(model, prices.Of(model), iteration.Usage)
            : new PricedRun(iteration.Model, prices.OfRun(iteration.Model), iteration.Usage))]
        : [new PricedRun(model, prices.Of(model), usage)];

    /// <summary>The runs of a call, all priced by the same cards.</summary>
    /// <param name="usage">What was counted.</param>
    /// <param name="cards">The cards.</param>
    public static IReadOnlyList<PricedRun> Of(Usage usage, IReadOnlyList<RateCard> cards) => usage.Iterations is { IsDefaultOrEmpty: false } several
        ? [.. several.Select(iteration => new PricedRun(iteration.Model, cards, iteration.Usage))]
        : [new PricedRun(Model: null, cards, usage)];
}
