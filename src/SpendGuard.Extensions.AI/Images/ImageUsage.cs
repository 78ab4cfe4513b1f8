using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>Reads what a call that made images is billed for.</summary>
[Experimental("MEAI001")]
internal static class ImageUsage
{
    /// <summary>The images that came, and the tokens as far as they are told; without usage when images are billed by tokens that are not.</summary>
    public static ProviderReport Read(ImageGenerationResponse response, ModelCall call)
    {
        var images = response.Contents.Count(StreamedUsage.IsMade);
        var byImage = call.Shape.FeeUnits.ContainsKey(UsageCategory.Image);
        var tokens = MediaUsage.Read(response.Usage, call, hasOutput: images > 0 && !byImage);
        return byImage
            ? tokens with { Usage = (tokens.Usage ?? new Usage()) with { Images = images }, Incomplete = IsAnyTold(response.Usage) ? tokens.Incomplete : null }
            : tokens;
    }

    /// <summary>Adapters may tell zeros of a call that was not counted in tokens.</summary>
    private static bool IsAnyTold(UsageDetails? details) =>
        details is not null
        && (((details.InputTokenCount ?? details.OutputTokenCount ?? details.TotalTokenCount) ?? 0) != 0 || details.AdditionalCounts is { Count: > 0 });
}
