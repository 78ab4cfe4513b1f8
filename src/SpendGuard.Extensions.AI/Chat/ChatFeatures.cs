using Microsoft.Extensions.AI;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>The options of a chat call that have no bound.</summary>
internal static class ChatFeatures
{
    public static void Check(ChatOptions options, ModelKey model, FeatureGate gate)
    {
        if (Vendor.Of(model.Provider).UnboundedBy(model.Model) is { } unbounded)
        {
            gate.Pass(unbounded.Feature, unbounded.Reason);
        }

        if (options.MaxOutputTokens < 1)
        {
            throw new UnboundedCostException(
                nameof(options.MaxOutputTokens),
                $"A cap of {options.MaxOutputTokens} leaves no room for an answer, and some providers take it for no cap.",
                "Leave it out, or ask for at least 1.");
        }

        if (options.ConversationId is not null)
        {
            gate.Pass(nameof(options.ConversationId), "The provider adds the stored conversation to the input.");
        }

        if (options.AllowBackgroundResponses == true || options.ContinuationToken is not null)
        {
            gate.Pass("BackgroundResponses", "The provider goes on, and bills, when the connection is gone.");
        }

        foreach (var tool in options.Tools ?? [])
        {
            if (tool is not AIFunctionDeclaration)
            {
                gate.Pass(tool.GetType().Name, "The provider runs it as often as the model likes, and bills for its calls and what they bring in.");
            }
        }
    }
}
