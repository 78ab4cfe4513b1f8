using SpendGuard.Bounds;

namespace SpendGuard.Providers.OpenAI;

/// <summary>The most tokens that OpenAI counts an image as.</summary>
internal static class OpenAIImages
{
    /// <summary>A request with an image of more patches of 32 pixels is rejected.</summary>
    private const long MostPatches = 30_000;

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
    private static readonly string[] OneOrTheOther = ["gpt-5-", "gpt-5.1", "gpt-5.3-chat"];

    public static long Tokens(string model, ImageSize? size, string? detail) =>

        // A base and at most eight tiles of 512 pixels; the mini model counts both 33 times.
        Starts(model, "gpt-4o-mini") ? 2_833 + (8 * 5_667)
        : ScaledDown.Any(name => Starts(model, name)) ? Patches(size, MostPatchesBefore, hundredths: 246)
        : Tiled.Any(name => Starts(model, name)) || model is "gpt-5" ? 85 + (8 * 170)
        : OneOrTheOther.Any(name => Starts(model, name)) ? Patches(size: null, MostPatchesBefore, hundredths: 246)

        // Newer ones take an image as it is unless told not to. Where the multiplier is not published, the highest of any model counts.
        : Patches(
            size, detail is "low" or "high" ? MostPatchesScaled : MostPatches, Starts(model, "gpt-5.6") || Starts(model, "gpt-6") ? 120 : 246);

    private static long Patches(ImageSize? size, long most, int hundredths)
    {
        var patches = size is { } known ? Math.Clamp(known.Squares(32), LeastPatches, most) : most;
        return ((patches * hundredths) + 99) / 100;
    }

    private static bool Starts(string model, string prefix) => model.StartsWith(prefix, StringComparison.Ordinal);
}
