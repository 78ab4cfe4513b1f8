using SpendGuard.Pricing;

namespace SpendGuard.Telemetry;

/// <summary>What a call's metrics are told apart by: the provider and its model, or the tool.</summary>
internal readonly record struct CallLabels(KeyValuePair<string, object?> First, KeyValuePair<string, object?> Second)
{
    public static CallLabels Of(ModelKey model) =>
        new(new(GenAINames.Provider, GenAINames.ProviderOf(model)), new(GenAINames.RequestModel, model.Model));

    public static CallLabels OfTool(string tool) =>
        new(new(GenAINames.Operation, "execute_tool"), new(GenAINames.Tool, tool));
}
