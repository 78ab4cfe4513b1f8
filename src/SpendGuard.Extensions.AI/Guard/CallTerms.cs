using Microsoft.Extensions.AI;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>What calls through a guarded client are priced by, and what they may have in them.</summary>
internal sealed class CallTerms(SpendGuardEngine engine, GuardSettings settings, BilledClient client)
{
    public PriceBook Prices => engine.Prices.Current;

    public TokenCounters Counters => engine.TokenCounters;

    /// <summary>Whether the inner client may make several requests to the provider of one call.</summary>
    public bool SendsSeveralRequests => client.SendsSeveralRequests;

    /// <summary>Whether the inner client may send additional properties, and objects of SDKs that are not known.</summary>
    public bool SendsWhatItDoesNotKnow => client.SendsWhatItDoesNotKnow;

    /// <summary>The model that a call is priced by.</summary>
    /// <param name="asked">The model that its options name.</param>
    /// <exception cref="UnboundedCostException">
    /// The options name another than the guard is set to, or provider or model cannot be told.
    /// </exception>
    public ModelKey ModelOf(string? asked) => settings.Model is not { } priced || asked is null || asked == priced || asked == client.DefaultModelId
        ? client.ModelOf(settings.Provider, settings.Model ?? asked)
        : throw new UnboundedCostException(
            "ModelId",
            $"Calls through this client are priced as {priced}, and the options would have {asked} serve this one.",
            $"Leave it out, or guard a client for {asked} and set its Model in UseSpendGuard's configure.");

    /// <summary>Why a call holds more than its output cap; null where the provider is known to keep that, or it was allowed not to be known.</summary>
    public string? UnkeptCap(ModelKey model, FeatureGate features) =>
        client.UnkeptCap(model) is { } why && !features.PassIfAllowed("OutputCap") ? why : null;

    /// <summary>The model of a call through a client that has one model, whatever the options say.</summary>
    /// <param name="asked">The model that the options name.</param>
    /// <exception cref="UnboundedCostException">The options name another, or provider or model cannot be told.</exception>
    public ModelKey OnlyModelOf(string? asked) => asked is null || client.OnlyModel is not { } only || asked == only
        ? ModelOf(asked)
        : throw new UnboundedCostException(
            "ModelId", $"The adapter calls {only} whatever the options say.", $"Leave it out, or make a client for {asked}.");

    /// <summary>All rate cards of a model, those of the past and the future included, with what they are silent on.</summary>
    /// <exception cref="UnknownModelException">The model has no price.</exception>
    public IReadOnlyList<RateCard> CardsOf(ModelKey model)
    {
        try
        {
            return Vendor.Complete(Prices.Find(model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        }
        catch (UnknownModelException unpriced)
        {
            throw new UnknownModelException(unpriced, $"{client.SaysOfItself} {BilledClient.HowToTell}");
        }
    }

    /// <summary>Whether a feature without a bound is let through.</summary>
    public bool Allows(string feature) => settings.AllowedFeatures.Contains(feature);

    /// <summary>What is let through without a bound, with what options of every kind have in common looked at.</summary>
    /// <param name="hasRaw">Whether they make the provider's own request.</param>
    /// <param name="additional">Their additional properties.</param>
    public FeatureGate Features(bool hasRaw, AdditionalPropertiesDictionary? additional)
    {
        var features = new FeatureGate(settings.AllowedFeatures);
        features.CheckRaw(hasRaw, client.SendsWhatItDoesNotKnow ? additional : null);
        foreach (var name in client.Below)
        {
            features.Pass(name, "It is below the guard, and could change the call after it was priced.");
        }

        return features;
    }
}
