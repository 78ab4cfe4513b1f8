namespace SpendGuard.Tests.Pricing;

/// <summary>The rows of prices.csv that are not in the bundled book, each with the reason.</summary>
internal static class RowsLeftOut
{
    public const string FloatingAlias = "what it points to, and so its price, moves";

    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["gemini-2.5-flash-native-audio-latest"] = FloatingAlias,
        ["gemini-flash-latest"] = FloatingAlias,
        ["gemini-flash-lite-latest"] = FloatingAlias,
        ["gemini-pro-latest"] = FloatingAlias,
        ["grok-2-latest"] = FloatingAlias,
        ["grok-2-vision-latest"] = FloatingAlias,
        ["grok-3-fast-latest"] = FloatingAlias,
        ["grok-3-latest"] = FloatingAlias,
        ["grok-3-mini-fast-latest"] = FloatingAlias,
        ["grok-3-mini-latest"] = FloatingAlias,
        ["grok-4-1-fast-non-reasoning-latest"] = FloatingAlias,
        ["grok-4-1-fast-reasoning-latest"] = FloatingAlias,
        ["grok-4-latest"] = FloatingAlias,
        ["grok-4.3-latest"] = FloatingAlias,
        ["grok-4.5-latest"] = FloatingAlias,
        ["chat-latest"] = FloatingAlias,
        ["codex-mini-latest"] = FloatingAlias,
        ["daybreak-blue-latest"] = FloatingAlias,
        ["daybreak-red-latest"] = FloatingAlias,
        ["gemini-1.5-flash"] = "a chat model that is listed as an embedding model with free output",
    };
}
