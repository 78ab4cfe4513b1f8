namespace SpendGuard.Providers.OpenAI;

/// <summary>What the name of a model says of it.</summary>
internal static class OpenAIModel
{
    private const string Family = "gpt-";

    /// <summary>Newer than all that are known: what is not known to be older is taken for as dear as any.</summary>
    public static readonly Version Unknown = new(99, 0);

    /// <summary>Those whose names have no version, or another count of versions. All are from before the fifth generation.</summary>
    private static readonly string[] Older =
    [
        "gpt-3", "gpt-4", "gpt-audio", "gpt-image", "gpt-realtime", "gpt-oss", "chatgpt-4", "o1", "o3", "o4-", "text-", "tts-", "whisper", "dall-e",
        "davinci", "babbage", "codex-mini", "computer-use", "omni-moderation",
    ];

    private static readonly string[] Names = [Family, "chatgpt-", "o1", "o3", "o4-", "text-embedding-", "codex-"];

    /// <summary>Whether it has a name as the vendor's own models have.</summary>
    public static bool IsNamed(string model) => Starts(model, Names);

    /// <summary>
    /// Whether it has the name of a model that only OpenAI and Azure have, so that a gateway which serves it hands the call on to one of
    /// them. Those that are given away as weights run anywhere.
    /// </summary>
    public static bool RunsNowhereElse(string model) => IsNamed(model) && !Starts(model, "gpt-oss");

    /// <summary>Whether it reasons: the o series, and from the fifth generation on all but those for chats.</summary>
    public static bool Reasons(string model) =>
        Starts(model, "o1", "o3", "o4-", "codex-", "gpt-oss")
        || (model.StartsWith(Family, StringComparison.Ordinal) && VersionOf(model).Major >= 5 && !model.Contains("-chat", StringComparison.Ordinal));

    /// <summary>The model that a fine-tuned one was made of.</summary>
    public static string Base(string model) => model.StartsWith("ft:", StringComparison.Ordinal) ? model[3..] : model;

    /// <summary>The version that its name has; of a name that tells nothing, one that is newer than all others.</summary>
    public static Version VersionOf(string model)
    {
        if (Starts(model, Older))
        {
            return new Version(4, 0);
        }

        if (!model.StartsWith(Family, StringComparison.Ordinal))
        {
            return Unknown;
        }

        var text = model[Family.Length..].Split('-', ':')[0];
        return Version.TryParse(text.Contains('.', StringComparison.Ordinal) ? text : text + ".0", out var version) ? version : Unknown;
    }

    public static bool Starts(string model, params ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (model.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
