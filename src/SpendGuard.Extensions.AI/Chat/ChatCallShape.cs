using Microsoft.Extensions.AI;
using SpendGuard.Metering;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>Works out what a chat call can come to, and refuses what has no bound.</summary>
internal static class ChatCallShape
{
    public static CallShape Of(
        IList<ChatMessage> messages, ChatOptions? options, ModelKey model, TokenCounters counters, ISet<string> allowedFeatures)
    {
        var features = new FeatureGate(allowedFeatures);
        ChatFeatures.Check(options, model, features);
        var bound = new ChatInputBound(model, counters, features);
        bound.Add(messages);
        bound.Add(options);

        var hidesInput = !features.LetThrough.IsEmpty;
        return new CallShape
        {
            InputBound = hidesInput ? long.MaxValue : bound.Tokens,
            OutputTokens = options?.MaxOutputTokens,
            LongCacheWrites = hidesInput || bound.MayMarkCache,
            UnboundedFeatures = features.LetThrough,
        };
    }
}
