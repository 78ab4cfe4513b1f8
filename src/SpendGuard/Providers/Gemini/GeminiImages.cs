using SpendGuard.Bounds;

namespace SpendGuard.Providers.Gemini;

/// <summary>The most tokens that Gemini counts an image as.</summary>
internal static class GeminiImages
{
    private const long HighestResolution = 2_240;

    public static long? Tokens(string model, ImageSize? size) => (GeminiModel.Generation(model), size) switch
    {
        (>= 3, _) => HighestResolution,
        (2, { } known) => Tiles(known),
        (_, { } known) => Math.Max(Tiles(known), HighestResolution),
        _ => null,
    };

    /// <summary>A picture that is not small is cut into squares of at most 768 pixels, smaller ones where it is long and thin.</summary>
    private static long Tiles(ImageSize size)
    {
        const int PerTile = 258;
        const int Small = 384;
        if (size is { Width: <= Small, Height: <= Small })
        {
            return PerTile;
        }

        var unit = Math.Clamp(Math.Min(size.Width, size.Height) * 2L / 3, 1, 768);
        return PerTile * size.Squares(unit);
    }
}
