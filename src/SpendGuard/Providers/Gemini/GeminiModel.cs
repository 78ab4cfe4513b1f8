namespace SpendGuard.Providers.Gemini;

/// <summary>What the name of a model says of it.</summary>
internal static class GeminiModel
{
    private const string Family = "gemini-";

    /// <summary>The generation; 0 for a name without.</summary>
    public static int Generation(string model) =>
        model.StartsWith(Family, StringComparison.Ordinal) && model.Length > Family.Length && char.IsAsciiDigit(model[Family.Length])
            ? model[Family.Length] - '0'
            : 0;
}
