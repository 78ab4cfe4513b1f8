using System.Diagnostics.CodeAnalysis;
using System.Drawing;
using Microsoft.Extensions.AI;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>Works out what a call that makes images can come to, and refuses what has no bound.</summary>
[Experimental("MEAI001")]
internal static class ImageCallShape
{
    /// <summary>The model whose card prices images of a size, where there is one for it.</summary>
    public static ModelKey PricedModel(ModelKey model, Size? size, PriceBook prices) =>
        size is { } asked ? ImageShape.PricedModel(model, asked.Width, asked.Height, prices) : model;

    public static CallShape Of(
        ImageGenerationRequest request,
        ImageGenerationOptions? options,
        ModelKey model,
        IReadOnlyList<RateCard> cards,
        TokenCounters counters,
        FeatureGate features)
    {
        if (options?.StreamingCount is not null)
        {
            features.Pass(nameof(options.StreamingCount), "Partial images are billed as well.");
        }

        var images = options?.Count ?? 1;
        var bound = new InputBound(model, counters).AddMessage().AddText(request.Prompt);
        var byImage = cards.HasFee(UsageCategory.Image);
        foreach (var original in request.OriginalImages ?? [])
        {
            if (!byImage)
            {
                features.Pass("OriginalImages", "Their tokens may cost more than those of text, and the rate card has no price for them.");
            }

            bound.AddImage();
        }

        return ImageShape.Of(
            new CallShape { InputBound = bound.Tokens, Input = bound, UnboundedFeatures = features.LetThrough }, images, model, cards);
    }
}
