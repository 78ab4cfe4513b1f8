using Microsoft.Extensions.AI;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>Works out what a chat call can come to, and refuses what has no bound.</summary>
internal static class ChatCallShape
{
    public static CallShape Of(
        ChatRequest request, ModelKey model, TokenCounters counters, FeatureGate features, SharedRaws shared)
    {
        ChatFeatures.Check(request.Options, model, features);
        var bound = new ChatInputBound(model, counters, features, shared);
        bound.Add(request.Messages);
        bound.Add(request.Options);

        return new CallShape
        {
            InputBound = features.HidesInput ? long.MaxValue : bound.Tokens,
            UnseenInput = bound.UnseenInput,
            Input = features.HidesInput ? null : bound.All,
            OutputTokens = request.Options.MaxOutputTokens,
            Reasons = Reasons(request.Options.Reasoning?.Effort),
            LongCacheWrites = features.HidesInput || bound.MayMarkCache,
            UnboundedFeatures = features.LetThrough,

            // Or the check above would have refused it.
            UnboundedModelAllowed = true,
        };
    }

    /// <summary>Whether the model is told to reason or not to; null where it is told neither, and does as it does by itself.</summary>
    private static bool? Reasons(ReasoningEffort? effort) => effort is { } told ? told != ReasoningEffort.None : null;
}
