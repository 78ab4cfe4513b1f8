namespace SpendGuard.Pricing.Import;

/// <summary>What providers charge for writing to a cache, as a multiple of the input rate. Maps often leave it out, or have it wrong.</summary>
internal static class CacheWriteRule
{
    private static readonly Version FirstThatWritesUnasked = new(5, 6);

    /// <summary>The factor of a short-lived cache; null where writing costs what input costs.</summary>
    public static decimal? Short(ModelKey model) => model.Provider is "anthropic" || (model.Provider is "openai" && WritesUnasked(model.Model)) ? 1.25m : null;

    /// <summary>The factor of a cache that lasts an hour; null where there is none.</summary>
    public static decimal? Long(ModelKey model) => model.Provider is "anthropic" ? 2 : null;

    /// <summary>From GPT-5.6 on OpenAI writes to its cache without being asked to, and bills for it.</summary>
    private static bool WritesUnasked(string model)
    {
        const string Family = "gpt-";
        if (!model.StartsWith(Family, StringComparison.Ordinal))
        {
            return false;
        }

        var text = model[Family.Length..].Split('-')[0];
        return Version.TryParse(text.Contains('.', StringComparison.Ordinal) ? text : text + ".0", out var version) && version >= FirstThatWritesUnasked;
    }
}
