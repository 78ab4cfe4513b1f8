using SpendGuard.Billing;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>What the provider says of a call after it.</summary>
/// <param name="Usage">What it counted; null when it did not say.</param>
/// <param name="Model">The model that served the call; null when it did not say.</param>
/// <param name="Tier">The service tier that the call was served at; null when it did not say.</param>
/// <param name="StatedCost">What it charges by its own word; null when it did not say.</param>
internal sealed record ServedCall(Usage? Usage, ModelKey? Model = null, string? Tier = null, Money? StatedCost = null)
{
    /// <summary>The model of an answer; a provider bills for its own models only.</summary>
    public static ModelKey? ModelOf(string? modelId, ModelCall call) =>
        string.IsNullOrWhiteSpace(modelId) ? null : new ModelKey(call.Model.Provider, modelId);

    /// <summary>Settles the call, or forfeits it when the provider did not say what it counted.</summary>
    public ValueTask<Settlement> EndAsync(ReservedCall reserved) => Usage is null
        ? reserved.ForfeitAsync("the provider's answer has no usage")
        : reserved.SettleAsync(Usage, Model, Tier, StatedCost);
}
