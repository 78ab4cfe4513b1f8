using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>The dearest service tier that a call can be served at without having asked for it.</summary>
/// <remarks>
/// What asks for a tier is out of a decorator's reach. A request that leaves it out may be served as a project or workspace is set at the
/// vendor. The answer tells which it was; before it, the dearest that has a price counts.
/// </remarks>
internal static class ReachableTier
{
    public static string? Of(ModelKey model, IReadOnlyList<RateCard> cards) => cards[0].ServiceTiers
        .Where(tier => Vendor.Of(model.Provider).HasSettingFor(tier.Key) && (tier.Value.InputFactor > 1 || tier.Value.OutputFactor > 1))
        .Where(tier => cards.All(card => card.ServiceTiers.ContainsKey(tier.Key)))
        .OrderByDescending(tier => tier.Value.OutputFactor + tier.Value.InputFactor)
        .Select(tier => tier.Key)
        .FirstOrDefault();
}
