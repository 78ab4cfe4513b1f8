using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Bounds;

/// <summary>What a call that makes images can come to: so many images, or the longest output of the model for each.</summary>
[Experimental(ApiTier.Adapters)]
public static class ImageShape
{
    /// <summary>The model whose card prices images of a size, where there is one for it: <c>model/WIDTHxHEIGHT</c>.</summary>
    /// <param name="model">The model that is called.</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="prices">The prices in force.</param>
    public static ModelKey PricedModel(ModelKey model, int width, int height, PriceBook prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        var sized = new ModelKey(model.Provider, $"{model.Model}/{width}x{height}");
        return prices.Models.Contains(sized) ? sized : model;
    }

    /// <summary>Whether a card is of a size of a model's images, and so of no model that can be called by its name.</summary>
    /// <param name="model">The model as the card names it.</param>
    public static bool IsOfSize(ModelKey model) =>
        model.Model.LastIndexOf('/') is >= 0 and var slash
        && model.Model[(slash + 1)..].Split('x') is [var width, var height]
        && width.Length > 0 && height.Length > 0 && width.All(char.IsAsciiDigit) && height.All(char.IsAsciiDigit);

    /// <summary>A call for images, billed by the image where its card has a fee for one, and else by the token.</summary>
    /// <param name="shape">What else is known of it.</param>
    /// <param name="images">How many are asked for.</param>
    /// <param name="model">The model whose card prices them.</param>
    /// <param name="cards">Its rate cards.</param>
    /// <exception cref="UnboundedCostException">There is no fee for an image, and the model's longest output is not known.</exception>
    public static CallShape Of(CallShape shape, int images, ModelKey model, IReadOnlyList<RateCard> cards)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var each = shape with { Choices = images };
        return cards.HasFee(UsageCategory.Image)
            ? each with { OutputTokens = 0, FeeUnits = ImmutableDictionary<UsageCategory, long>.Empty.Add(UsageCategory.Image, images) }
            : UncappedOutput.Of(each, model, cards, "an image", "image_cents_per_image");
    }
}
