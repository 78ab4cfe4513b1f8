using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Images;

/// <summary>The fields of a request for images.</summary>
internal static class OpenAIImageFields
{
    public static FieldTable Table { get; } = new(
        new("model", Bound, "It chooses the price."),
        new("prompt", Bound, "It is input."),
        new("n", Bound, "Each image is held for."),
        new("size", Bound, "A card may price a size of its own."),
        new("quality", Bound, "Where images are billed by the piece, only the standard one has a price."),
        new("background", Free),
        new("moderation", Free),
        new("output_format", Free),
        new("output_compression", Free),
        new("response_format", Free),
        new("style", Free),
        new("user", Free),
        new("safety_identifier", Free),
        new("stream", Refused, "What a broken stream has cost cannot be told."),
        new("partial_images", Refused, "Partial images are billed as well."));
}
