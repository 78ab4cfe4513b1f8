using Microsoft.Extensions.AI;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>Works out what a chat call can come to, and refuses what has no bound.</summary>
internal static class ChatCallShape
{
    public static CallShape Of(
        IList<ChatMessage> messages, ChatOptions? options, ModelKey model, TokenCounters counters, FeatureGate features)
    {
        ChatFeatures.Check(options, model, features);
        var bound = new ChatInputBound(model, counters, features);
        bound.Add(messages);
        bound.Add(options);

        return new CallShape
        {
            InputBound = features.HidesInput ? long.MaxValue : bound.Tokens,
            UnseenInput = bound.UnseenInput,
            OutputTokens = options?.MaxOutputTokens,
            LongCacheWrites = features.HidesInput || bound.MayMarkCache,
            UnboundedFeatures = features.LetThrough,

            // Or the check above would have refused it.
            UnboundedModelAllowed = true,
        };
    }
}
