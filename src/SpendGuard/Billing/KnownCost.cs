using SpendGuard.Pricing;

namespace SpendGuard.Billing;

/// <summary>What is known of a cost that cannot be told wholly: all that was counted and has a price, at the dearest rate that may apply.</summary>
/// <remarks>It throws over nothing that a provider may have said: what it lost would be money.</remarks>
internal static class KnownCost
{
    /// <summary>What stands for a cost that is out of range: far beyond any budget, and small enough that another fits beside it.</summary>
    public static Money Most { get; } = Money.FromMicrocents(long.MaxValue / 2);

    /// <summary>What a report is known to have cost at least.</summary>
    /// <param name="report">What came back.</param>
    /// <param name="prices">The cards that can apply.</param>
    /// <param name="tier">The service tier; null for the standard one. The dearest that has a price stands for one that has none.</param>
    /// <param name="residencyFactor">What every token rate is multiplied by because of where the call was served.</param>
    public static Money Of(ProviderReport report, ServedPrices prices, string? tier, decimal residencyFactor)
    {
        var stated = Money.Max(report.StatedCost ?? Money.Zero, report.LeastCost ?? Money.Zero);
        return report.Usage is { } usage ? Money.Max(stated, Priced(PricedRun.Of(usage, report.Model, prices), prices, tier, residencyFactor)) : stated;
    }

    private static Money Priced(IEnumerable<PricedRun> runs, ServedPrices prices, string? tier, decimal residencyFactor)
    {
        try
        {
            var total = ExactAmount.Zero;
            foreach (var run in runs)
            {
                var (input, cards) = (InputOf(run.Usage), CardsFor(run, prices, tier));
                foreach (var (category, quantity) in run.Usage.ByCategory().Where(count => count.Quantity > 0))
                {
                    total += DearestOf(category, input, cards, tier, residencyFactor).For(quantity);
                }
            }

            return Money.Min(total.RoundUp(), Most);
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentOutOfRangeException)
        {
            return Most;
        }
    }

    /// <summary>The cards that price a run, and after them those that do where these have no rate, or no price for the tier.</summary>
    private static IReadOnlyList<RateCard>[] CardsFor(PricedRun run, ServedPrices prices, string? tier) =>
        run.Cards is not { } served ? [prices.Nearest(run.Model)]
        : served.All(card => TiersOf(tier).All(card.ServiceTiers.ContainsKey)) ? [served, prices.Asked]
        : [[.. served, .. prices.Asked]];

    private static Rate DearestOf(UsageCategory category, long input, IReadOnlyList<RateCard>[] cards, string? tier, decimal residencyFactor) =>
        cards
            .Select(alike => alike.Max(card => RateOf(category, input, card, tier, residencyFactor)))
            .FirstOrDefault(rate => rate > Rate.Zero) ?? Rate.Zero;

    private static Rate? RateOf(UsageCategory category, long input, RateCard card, string? tier, decimal residencyFactor) =>
        card.RatesFor(input).Of(category) is { } rate ? rate.TimesRoundedUp(FactorOf(category, card, tier)).TimesRoundedUp(residencyFactor)
        : card.Fees.TryGetValue(category, out var fee) ? fee
        : null;

    private static decimal FactorOf(UsageCategory category, RateCard card, string? tier)
    {
        var names = TiersOf(tier);
        var factor = names.Aggregate(1m, (product, name) => card.ServiceTiers.TryGetValue(name, out var known) ? product * Factor(known) : product);
        return names.All(card.ServiceTiers.ContainsKey)
            ? factor
            : factor * card.ServiceTiers.Where(known => !names.Contains(known.Key)).Select(known => Factor(known.Value)).Append(1).Max();

        decimal Factor(ServiceTier known) =>
            category is UsageCategory.Output or UsageCategory.ReasoningOutput or UsageCategory.AudioOutput ? known.OutputFactor : known.InputFactor;
    }

    private static HashSet<string> TiersOf(string? tier) =>
        tier?.Split('+').Where(name => !RateCard.IsStandard(name)).ToHashSet(StringComparer.Ordinal) ?? [];

    /// <summary>All input, as context tiers go by it; as much as there can be where it is out of range.</summary>
    private static long InputOf(Usage usage)
    {
        try
        {
            return usage.TotalInput;
        }
        catch (OverflowException)
        {
            return long.MaxValue;
        }
    }
}
