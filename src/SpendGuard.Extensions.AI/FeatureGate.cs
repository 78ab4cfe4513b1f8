using Microsoft.Extensions.AI;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>Refuses what could raise the cost of a call past its cap, unless it is allowed by name.</summary>
internal sealed class FeatureGate(ISet<string> allowed)
{
    /// <summary>Whether something was let through that may add input which cannot be seen.</summary>
    public bool HidesInput { get; private set; }

    public void Check(ChatOptions? options, ModelKey model)
    {
        if (options is null)
        {
            return;
        }

        if (options.RawRepresentationFactory is not null)
        {
            Pass(nameof(options.RawRepresentationFactory), "It can set anything in the request, such as more answers or another cap.");
        }

        if (options.ConversationId is not null)
        {
            Pass(nameof(options.ConversationId), "The provider adds the stored conversation to the input.");
        }

        if (options.AllowBackgroundResponses == true || options.ContinuationToken is not null)
        {
            Pass("BackgroundResponses", "The provider goes on, and bills, when the connection is gone.");
        }

        // The adapters of these two leave additional properties out of the request.
        if (options.AdditionalProperties is { Count: > 0 } && model.Provider is not ("openai" or "anthropic"))
        {
            Pass(nameof(options.AdditionalProperties), "Some adapters put them into the request, and they can raise its cost.");
        }

        foreach (var tool in options.Tools ?? [])
        {
            if (tool is not AIFunctionDeclaration)
            {
                Pass(tool.GetType().Name, "The provider runs it as often as the model likes, and bills for its calls and what they bring in.");
            }
        }
    }

    /// <summary>Lets a content through that has no bound, if it is allowed.</summary>
    public void Pass(AIContent content) =>
        Pass(content is DataContent or UriContent ? MediaName(content) : content.GetType().Name, "Its size in tokens cannot be told.");

    /// <summary>Lets an object of the provider's SDK through that is sent in place of a message or content, if it is allowed.</summary>
    public void PassRaw() => Pass("RawRepresentation", "It is sent in place of the content that carries it, and has more than text.");

    private void Pass(string feature, string reason)
    {
        if (!allowed.Contains(feature))
        {
            throw new UnboundedCostException(
                feature,
                reason,
                $"Leave it out, or allow it with UseSpendGuard(…, configure: c => c.AllowedFeatures.Add(\"{feature}\")).");
        }

        HidesInput = true;
    }

    private static string MediaName(AIContent content) =>
        (content is DataContent data ? data.MediaType : ((UriContent)content).MediaType) is { Length: > 0 } type ? type : "UriContent";
}
