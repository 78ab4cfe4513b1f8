using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>Reads what a call that made images is billed for.</summary>
[Experimental("MEAI001")]
internal static class ImageUsage
{
    /// <summary>The images that came, and the tokens as far as they are told; null when images are billed by tokens that are not.</summary>
    public static Usage? Read(ImageGenerationResponse response, CallShape shape)
    {
        var tokens = MediaUsage.Read(response.Usage);
        return shape.FeeUnits.ContainsKey(UsageCategory.Image)
            ? (tokens ?? new Usage()) with { Images = response.Contents.Count(content => content is DataContent or UriContent) }
            : tokens;
    }
}
