using System.Collections.Immutable;

namespace SpendGuard.Pricing.Import;

/// <summary>Makes service tiers of what a map states: as factors, because a card keeps what a tier does to its rates.</summary>
/// <param name="published">The row.</param>
/// <param name="corrected">Takes a sentence for each tier that was not taken over.</param>
internal sealed class PublishedServiceTiers(PublishedModel published, Action<string> corrected)
{
    private const int Decimals = 6;

    /// <param name="rates">All rates that the factors will be applied to.</param>
    public ImmutableDictionary<string, ServiceTier> Read(IReadOnlyList<TokenRates> rates)
    {
        var tiers = ImmutableDictionary.CreateBuilder<string, ServiceTier>(StringComparer.Ordinal);
        foreach (var (name, factor) in published.Factors)
        {
            Add(name, factor, factor);
        }

        foreach (var tier in published.ServiceTiers.GroupBy(tier => tier.Key.Tier, StringComparer.Ordinal))
        {
            // A map states a rate for each kind of input; the dearest factor of them is that of all.
            var factors = tier.Select(stated => (Stated: stated.Value, Card: At(stated.Key.Threshold))).ToList();
            var (input, output) = (factors.Max(at => at.Stated.InputFactorOver(at.Card)), factors.Max(at => at.Stated.OutputFactorOver(at.Card)));
            if (tier.Any(stated => stated.Value is { Input: not null }) && tier.Any(stated => stated.Value is { Output: not null })
                && input is { } inputFactor && output is { } outputFactor)
            {
                Add(tier.Key, inputFactor, outputFactor);
            }
            else
            {
                corrected($"Service tier '{tier.Key}' has half a price and is left out.");
            }
        }

        // OpenAI renamed its tier and takes and gives both names.
        if (published.Model.Provider is "openai" && tiers.TryGetValue("priority", out var priority))
        {
            tiers.TryAdd("fast", priority);
        }

        return tiers.ToImmutable();

        void Add(string name, decimal input, decimal output)
        {
            var tier = new ServiceTier(PublishedCard.RoundUp(input, Decimals), PublishedCard.RoundUp(output, Decimals));
            if (tier is { InputFactor: 1, OutputFactor: 1 })
            {
                corrected($"Service tier '{name}' has the price of the standard one and is left out.");
            }
            else if (!rates.All(rate => IsExact(rate, tier)))
            {
                corrected($"Service tier '{name}' has no exact factor and is left out.");
            }
            else
            {
                tiers[name] = tier;
            }
        }
    }

    private PublishedRates At(long threshold) =>
        published.ContextTiers.TryGetValue(threshold, out var tier) ? tier : published.Rates;

    private static bool IsExact(TokenRates rates, ServiceTier tier)
    {
        try
        {
            rates.Times(tier.InputFactor, tier.OutputFactor);
            return tier is { InputFactor: > 0, OutputFactor: > 0 };
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            return false;
        }
    }
}
