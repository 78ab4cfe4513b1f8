using System.ClientModel.Primitives;
using System.Text.Json;
using SpendGuard.Metering;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>
/// What an answer of the OpenAI SDK says beyond what its adapter hands on: cache writes, the service tier, the cost that xAI states, and
/// the usage of a responses stream that ended incomplete.
/// </summary>
/// <param name="Usage">What the provider counted; null when it did not say.</param>
/// <param name="Tier">The service tier that the call was served at; null when it did not say.</param>
/// <param name="StatedCost">What the provider charges by its own word; null when it did not say.</param>
internal sealed record OpenAIAnswer(Usage? Usage, string? Tier, Money? StatedCost)
{
    /// <summary>Reads the SDK's object through the JSON that it came from, which keeps fields that the SDK does not know.</summary>
    public static OpenAIAnswer? TryRead(object? raw, ModelKey model)
    {
        if (model.Provider is "anthropic" or "gemini" || raw is not IPersistableModel<object> answer)
        {
            return null;
        }

        using var json = JsonDocument.Parse(answer.Write(ModelReaderWriterOptions.Json));
        var root = json.RootElement;
        if (root.TryGetProperty("response", out var response) && response.ValueKind == JsonValueKind.Object)
        {
            root = response;
        }

        root.TryGetProperty("usage", out var usage);
        return new OpenAIAnswer(
            OpenAIUsage.Read(usage),
            root.TryGetProperty("service_tier", out var tier) && tier.ValueKind == JsonValueKind.String ? tier.GetString() : null,
            model.Provider is "grok" ? OpenAIUsage.StatedCost(usage) : null);
    }
}
