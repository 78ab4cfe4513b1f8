namespace SpendGuard.Sidecar.Settings;

/// <summary>Finds words of the command line that set nothing: what reads them would pass over them.</summary>
internal static class CommandLineWords
{
    public static void Check(SettingsReader reader, IReadOnlyList<string> args)
    {
        for (var at = 0; at < args.Count; at++)
        {
            var word = args[at];
            if (word.Contains('=', StringComparison.Ordinal))
            {
                continue;
            }

            if (!IsName(word))
            {
                reader.Fault($"'{word}' on the command line belongs to no setting. Write --NAME {word}, with the name of one.", 0);
            }
            else if (at + 1 == args.Count || args[at + 1].StartsWith("--", StringComparison.Ordinal))
            {
                reader.Fault($"{word} has no value. Write {word} VALUE, or {word}=VALUE where it begins with two dashes.", 0);
            }
            else
            {
                at++;
            }
        }
    }

    /// <summary>A slash before a name is as good as dashes; so it is read.</summary>
    private static bool IsName(string word) => word.StartsWith("--", StringComparison.Ordinal) || word.StartsWith('/');
}
