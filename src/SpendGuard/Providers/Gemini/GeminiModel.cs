namespace SpendGuard.Providers.Gemini;

/// <summary>What the name of a model says of it.</summary>
internal static class GeminiModel
{
    private const string Family = "gemini-";

    /// <summary>Those that give something else than text, or give text as it is spoken.</summary>
    private static readonly string[] WithoutThoughts = ["-image", "-tts", "-audio", "-live", "embedding"];

    /// <summary>The generation; 0 for a name without.</summary>
    public static int Generation(string model) =>
        model.StartsWith(Family, StringComparison.Ordinal) && model.Length > Family.Length && char.IsAsciiDigit(model[Family.Length])
            ? model[Family.Length] - '0'
            : 0;

    /// <summary>Whether it thinks unless it is told not to: from 2.5 on, but for the smallest of that.</summary>
    public static bool Thinks(string model) =>
        (Generation(model) >= 3 || (model.StartsWith("gemini-2.5", StringComparison.Ordinal) && !model.Contains("-lite", StringComparison.Ordinal)))
        && !Array.Exists(WithoutThoughts, part => model.Contains(part, StringComparison.Ordinal));
}
