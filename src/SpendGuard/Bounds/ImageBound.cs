using System.Globalization;
using SpendGuard.Pricing;

namespace SpendGuard.Bounds;

/// <summary>The most tokens that an image can be counted as, by what providers publish.</summary>
internal static class ImageBound
{
    /// <summary>A request with an image of more patches of 32 pixels is rejected.</summary>
    private const long MostPatches = 30_000;

    /// <summary>What OpenAI's highest detail but the original one is scaled down to.</summary>
    private const long MostPatchesScaled = 2_500;

    /// <summary>What the models before the original detail scale every image down to.</summary>
    private const long MostPatchesBefore = 1_536;

    /// <summary>The lowest detail may be scaled up to this.</summary>
    private const long LeastPatches = 256;

    private static readonly string[] ScaledDown =
        ["gpt-4.1-mini", "gpt-4.1-nano", "o4-mini", "gpt-5-mini", "gpt-5-nano", "gpt-5-codex-mini", "gpt-5.1-codex-mini", "gpt-5.2", "gpt-5.3-codex"];

    private static readonly string[] Tiled = ["gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-4-turbo", "chatgpt-4o", "gpt-5-2025", "gpt-5-chat", "o1", "o3"];

    /// <summary>Their rule is not published. They are older than what takes an image as it is, so it is one of the two above.</summary>
    private static readonly string[] OneOrTheOther = ["gpt-5-", "gpt-5.1", "gpt-5.3-chat"];

    /// <summary>The bound of an image; null when none is published, or none without the size of the image.</summary>
    /// <param name="model">The model that is called.</param>
    /// <param name="size">The size of the image; null when it is not known.</param>
    /// <param name="detail">How closely the model is asked to look, by OpenAI's name for it; null when it is not asked.</param>
    public static long? For(ModelKey model, ImageSize? size, string? detail) => model.Provider switch
    {
        "openai" => OpenAI(model, size, detail),
        "anthropic" => Anthropic(model.Model),
        "gemini" => Gemini(model.Model, size),
        "grok" => 1_792,
        _ => null,
    };

    /// <summary>Whether the provider's bound depends on the size of the image.</summary>
    public static bool NeedsSize(ModelKey model) => model.Provider is "gemini" && For(model, size: null, detail: null) is null;

    private static long OpenAI(ModelKey model, ImageSize? size, string? detail) =>

        // A base and at most eight tiles of 512 pixels; the mini model counts both 33 times.
        Starts(model, "gpt-4o-mini") ? 2_833 + (8 * 5_667)
        : ScaledDown.Any(name => Starts(model, name)) ? Patches(size, MostPatchesBefore, hundredths: 246)
        : Tiled.Any(name => Starts(model, name)) || model.Model is "gpt-5" ? 85 + (8 * 170)
        : OneOrTheOther.Any(name => Starts(model, name)) ? Patches(size: null, MostPatchesBefore, hundredths: 246)

        // Newer ones take an image as it is unless told not to. Where the multiplier is not published, the highest of any model counts.
        : Patches(
            size, detail is "low" or "high" ? MostPatchesScaled : MostPatches, Starts(model, "gpt-5.6") || Starts(model, "gpt-6") ? 120 : 246);

    private static long Patches(ImageSize? size, long most, int hundredths)
    {
        var patches = size is { } known ? Math.Clamp(Ceiling(known.Width, 32) * Ceiling(known.Height, 32), LeastPatches, most) : most;
        return Ceiling(patches * hundredths, 100);
    }

    /// <summary>From version 4.7 on, images may be larger. Before, about 1,600 tokens is what they are scaled down to.</summary>
    private static long Anthropic(string model) => IsBefore47(model) ? 2_000 : 4_784;

    /// <summary>Names are <c>claude-family-major[-minor][-date]</c>; the older ones have the version before the family.</summary>
    private static bool IsBefore47(string model)
    {
        int[] version = [.. model.Split('-').Where(part => part.Length <= 2 && part.All(char.IsAsciiDigit)).Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return version is [< 4, ..] or [4] or [4, < 7, ..];
    }

    private static long? Gemini(string model, ImageSize? size)
    {
        const long HighestResolution = 2_240;
        return (Generation(model), size) switch
        {
            (>= 3, _) => HighestResolution,
            (2, { } known) => Tiles(known),
            (_, { } known) => Math.Max(Tiles(known), HighestResolution),
            _ => null,
        };
    }

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
        return PerTile * Ceiling(size.Width, unit) * Ceiling(size.Height, unit);
    }

    private static int Generation(string model) =>
        model.StartsWith("gemini-", StringComparison.Ordinal) && model.Length > 7 && char.IsAsciiDigit(model[7]) ? model[7] - '0' : 0;

    private static long Ceiling(long whole, long part) => (whole + part - 1) / part;

    private static bool Starts(ModelKey model, string prefix) =>
        model.Model.StartsWith(prefix, StringComparison.Ordinal) || model.Model.StartsWith("ft:" + prefix, StringComparison.Ordinal);
}
