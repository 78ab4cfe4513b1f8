using Microsoft.Extensions.AI;
using SpendGuard.Metering;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>What the provider says of a call after it: usage, model and service tier.</summary>
/// <param name="Usage">What it counted; null when it did not say.</param>
/// <param name="Model">The model that served the call; null when it did not say.</param>
/// <param name="Tier">The service tier that it was served at; null when it did not say.</param>
internal sealed record ServedCall(Usage? Usage, ModelKey? Model, string? Tier)
{
    public static ServedCall Of(ChatResponse response, ModelCall call)
    {
        var raw = OpenAIAnswer.TryRead(response.RawRepresentation, call.Model);
        return new ServedCall(
            raw?.Usage ?? ChatUsage.Read(response.Usage, call),
            ModelOf(response.ModelId, call),
            raw?.Tier);
    }

    public static ModelKey? ModelOf(string? modelId, ModelCall call) =>
        string.IsNullOrWhiteSpace(modelId) ? null : new ModelKey(call.Model.Provider, modelId);

    /// <summary>Settles the call, or forfeits it when the provider did not say what it counted.</summary>
    public ValueTask<Settlement> EndAsync(ReservedCall reserved) => Usage is null
        ? reserved.ForfeitAsync("the provider's answer has no usage")
        : reserved.SettleAsync(Usage, Model, Tier);
}
