using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>The dearest service tier that a call can be served at without having asked for it.</summary>
/// <remarks>
/// What asks for a tier is out of a decorator's reach. A request that leaves it out is served as the project is set at OpenAI, and where the
/// workspace is set to at Anthropic. The answer tells which it was; before it, the dearest that has a price counts.
/// </remarks>
internal static class ReachableTier
{
    public static string? Of(ModelKey model, IReadOnlyList<RateCard> cards) => cards[0].ServiceTiers
        .Where(tier => IsASetting(tier.Key, model) && (tier.Value.InputFactor > 1 || tier.Value.OutputFactor > 1))
        .Where(tier => cards.All(card => card.ServiceTiers.ContainsKey(tier.Key)))
        .OrderByDescending(tier => tier.Value.OutputFactor + tier.Value.InputFactor)
        .Select(tier => tier.Key)
        .FirstOrDefault();

    private static bool IsASetting(string tier, ModelKey model) => model.Provider switch
    {
        "openai" => true,
        "anthropic" => tier is "us",
        _ => false,
    };
}
