using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Bounds;

/// <summary>What a bound has to be told of how a model's input is counted, because vendors differ in it.</summary>
[Experimental(ApiTier.Adapters)]
public interface IInputRules
{
    /// <summary>The counter of a model's text.</summary>
    ITokenCounter CounterOf(ModelKey model);

    /// <summary>The most tokens of a prompt that the provider adds to a call with tools.</summary>
    long ToolPromptOf(ModelKey model);

    /// <summary>The most tokens that an image can be counted as; null when none is published, or none without the size of the image.</summary>
    /// <param name="model">The model that is called.</param>
    /// <param name="size">The size of the image; null when it is not known.</param>
    /// <param name="detail">How closely the model is asked to look, as the request names it; null when it is not asked.</param>
    long? ImageOf(ModelKey model, ImageSize? size, string? detail);

    /// <summary>Whether images have a bound only where their size is known.</summary>
    bool ImagesNeedSize(ModelKey model);
}
