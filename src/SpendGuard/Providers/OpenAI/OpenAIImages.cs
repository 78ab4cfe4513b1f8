using SpendGuard.Bounds;

namespace SpendGuard.Providers.OpenAI;

/// <summary>The most tokens that OpenAI counts an image as.</summary>
internal static class OpenAIImages
{
    /// <summary>A request with an image of more patches of 32 pixels is rejected.</summary>
    private const long MostPatches = 30_000;

    /// <summary>The same of the first models that take an image as it is.</summary>
    private const long MostPatchesAtFirst = 10_000;

    /// <summary>A base and at most eight tiles of 512 pixels; one mini model counts both 33 times, more than any other.</summary>
    private const long DearestTiles = 2_833 + (8 * 5_667);

    /// <summary>What the highest detail but the original one is scaled down to.</summary>
    private const long MostPatchesScaled = 2_500;

    /// <summary>What the models before the original detail scale every image down to.</summary>
    private const long MostPatchesBefore = 1_536;

    /// <summary>The lowest detail may be scaled up to this.</summary>
    private const long LeastPatches = 256;

    private static readonly string[] ScaledDown =
        ["gpt-4.1-mini", "gpt-4.1-nano", "o4-mini", "gpt-5-mini", "gpt-5-nano", "gpt-5-codex-mini", "gpt-5.1-codex-mini", "gpt-5.2", "gpt-5.3-codex"];

    private static readonly string[] Tiled = ["gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-4-turbo", "chatgpt-4o", "gpt-5-2025", "gpt-5-chat", "o1", "o3"];

    /// <summary>Their rule is not published. They are older than what takes an image as it is, so it is one of the two above.</summary>
    private static readonly string[] OneOrTheOther = ["gpt-5-codex", "gpt-5-pro", "gpt-5-search", "gpt-5.1", "gpt-5.3-chat"];

    private static readonly string[] OriginalAtFirst = ["gpt-5.4", "gpt-5.5"];

    private static readonly string[] Original = ["gpt-5.6", "gpt-6"];

    public static long Tokens(string model, ImageSize? size, string? detail) =>
        Starts(model, "gpt-4o-mini") ? DearestTiles
        : ScaledDown.Any(name => Starts(model, name)) ? Patches(size, MostPatchesBefore, hundredths: 246)
        : Tiled.Any(name => Starts(model, name)) || model is "gpt-5" ? 85 + (8 * 170)
        : OneOrTheOther.Any(name => Starts(model, name)) ? Patches(size: null, MostPatchesBefore, hundredths: 246)

        // These take an image as it is unless told not to. Where the multiplier is not published, the highest of any model counts.
        : OriginalAtFirst.Any(name => Starts(model, name)) ? Patches(size, IsScaled(detail) ? MostPatchesScaled : MostPatchesAtFirst, hundredths: 246)
        : Original.Any(name => Starts(model, name)) ? Patches(size, IsScaled(detail) ? MostPatchesScaled : MostPatches, hundredths: 120)

        // Of any other it is not known by which of the rules it counts: by the one that comes to the most.
        : Math.Max(DearestTiles, Patches(size, MostPatches, hundredths: 246));

    private static bool IsScaled(string? detail) => detail is "low" or "high";

    private static long Patches(ImageSize? size, long most, int hundredths)
    {
        var patches = size is { } known ? Math.Clamp(known.Squares(32), LeastPatches, most) : most;
        return ((patches * hundredths) + 99) / 100;
    }

    private static bool Starts(string model, string prefix) => model.StartsWith(prefix, StringComparison.Ordinal);
}
