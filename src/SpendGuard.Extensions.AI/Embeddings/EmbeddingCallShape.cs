using Microsoft.Extensions.AI;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>Works out what an embedding call can come to. It has input only: nothing has to be capped.</summary>
internal static class EmbeddingCallShape
{
    public static CallShape Of(IEnumerable<object?> inputs, ModelKey model, TokenCounters counters, FeatureGate features)
    {
        var bound = new InputBound(model, counters);
        foreach (var input in inputs)
        {
            Add(bound, input, features);
        }

        return new CallShape
        {
            InputBound = bound.Tokens,
            Input = bound,
            UnseenInput = bound.UnseenInput,
            OutputTokens = 0,
            SeparateInputs = true,
            UnboundedFeatures = features.LetThrough,
        };
    }

    private static void Add(InputBound bound, object? input, FeatureGate features)
    {
        switch (input)
        {
            case string text:
                bound.AddMessage().AddText(text);
                break;
            case TextContent text:
                bound.AddMessage().AddText(text.Text);
                break;
            case DataContent image when image.HasTopLevelMediaType("image"):
                bound.AddImage(ImageSize.Read(image.Data.Span));
                break;
            case UriContent image when image.HasTopLevelMediaType("image"):
                bound.AddImage();
                break;
            case AIContent content:
                features.Pass(content);
                break;
            default:
                features.Pass(input?.GetType().Name ?? "null", "Its size in tokens cannot be told.");
                break;
        }
    }
}
