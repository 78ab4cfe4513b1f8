using SpendGuard.Pricing;

namespace SpendGuard.Metering;

/// <summary>The most tokens that an image can be counted as, whatever its size, by what providers publish.</summary>
internal static class ImageBound
{
    /// <summary>The bound of an image, or null when none is published.</summary>
    public static long? For(ModelKey model) => model.Provider switch
    {
        // A base and at most eight tiles of 512 pixels; the mini model counts both 33 times.
        "openai" when Starts(model, "gpt-4o-mini") => 2_833 + 8 * 5_667,
        "openai" when Starts(model, "gpt-4o") || Starts(model, "gpt-4-turbo") => 85 + 8 * 170,

        // At most 10,000 patches of 32 pixels at the highest multiplier of any model.
        "openai" => 24_600,
        "anthropic" => 4_784,
        "gemini" => 2_240,
        "grok" => 1_792,
        _ => null,
    };

    private static bool Starts(ModelKey model, string prefix) => model.Model.StartsWith(prefix, StringComparison.Ordinal);
}
