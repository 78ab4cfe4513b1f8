using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Pricing;
using SpendGuard.Providers.OpenAI;

namespace SpendGuard.Extensions.AI;

/// <summary>
/// What an answer of OpenAI's wire formats says beyond what the adapter hands on: cache writes, calls of hosted tools, the service tier, the
/// cost that xAI states, and the usage of a responses stream that ended incomplete.
/// </summary>
internal static class OpenAIAnswer
{
    /// <summary>What the answer says; null when it tells no usage.</summary>
    public static ProviderReport? Read(JsonElement answer, ModelKey model)
    {
        if (answer.TryGetProperty("response", out var response) && response.ValueKind == JsonValueKind.Object)
        {
            answer = response;
        }

        return answer.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
            ? new ProviderReport
            {
                Usage = OpenAIUsage.ReadAnswer(answer, reasoningBeside: model.Provider is "grok"),
                ServiceTier = Text(answer, "service_tier"),
                StatedCost = model.Provider is "grok" ? OpenAIUsage.StatedCost(usage) : null,
            }
            : null;
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
