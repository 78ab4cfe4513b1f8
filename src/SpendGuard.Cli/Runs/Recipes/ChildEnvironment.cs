namespace SpendGuard.Cli.Runs.Recipes;

/// <summary>What a program's environment is: the caller's, without what opens a provider's account, and with what leads here.</summary>
internal static class ChildEnvironment
{
    private const int ShortestKey = 8;

    /// <param name="callers">The caller's variables.</param>
    /// <param name="secrets">The names of variables that never reach a program.</param>
    /// <param name="given">What the program is given, the later over the earlier; null takes a variable away.</param>
    public static Dictionary<string, string> Of(
        IReadOnlyDictionary<string, string> callers, IReadOnlyCollection<string> secrets, params IEnumerable<IReadOnlyDictionary<string, string?>> given)
    {
        var names = new HashSet<string>(secrets, StringComparer.OrdinalIgnoreCase);

        // The same key may stand under a second name, which no list has. What is so short is no key, but a switch.
        var values = callers.Where(variable => names.Contains(variable.Key) && variable.Value.Length >= ShortestKey).Select(variable => variable.Value).ToHashSet(StringComparer.Ordinal);
        var child = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (name, value) in callers.Where(variable => !names.Contains(variable.Key) && !values.Contains(variable.Value)))
        {
            child[name] = value;
        }

        foreach (var (name, value) in given.SelectMany(variables => variables))
        {
            if (value is null)
            {
                child.Remove(name);
            }
            else
            {
                child[name] = value;
            }
        }

        return child;
    }
}
