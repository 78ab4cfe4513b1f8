namespace SpendGuard.Cli.Runs.Recipes;

/// <summary>What a program's environment is: the caller's, without what opens a provider's account, and with what leads here.</summary>
internal static class ChildEnvironment
{
    private const int ShortestKey = 8;

    /// <param name="callers">The caller's variables.</param>
    /// <param name="secrets">The names of variables that never reach a program.</param>
    /// <param name="given">What the program is given, the later over the earlier; null takes a variable away, or all whose names begin as one that ends in a star.</param>
    public static Dictionary<string, string> Of(
        IReadOnlyDictionary<string, string> callers, IReadOnlyCollection<string> secrets, params IEnumerable<IReadOnlyDictionary<string, string?>> given)
    {
        var names = new HashSet<string>(secrets, StringComparer.OrdinalIgnoreCase);

        // The same key may stand under a second name, which no list has, or within a header or an address. What is so short is no key, but a switch.
        var values = callers.Where(variable => names.Contains(variable.Key) && variable.Value.Length >= ShortestKey).Select(variable => variable.Value).ToHashSet(StringComparer.Ordinal);
        var child = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (name, value) in callers.Where(variable => !names.Contains(variable.Key) && !values.Any(key => variable.Value.Contains(key, StringComparison.Ordinal))))
        {
            child[name] = value;
        }

        foreach (var (name, value) in given.SelectMany(variables => variables))
        {
            if (value is null)
            {
                foreach (var taken in child.Keys.Where(own => IsOf(name, own)).ToList())
                {
                    child.Remove(taken);
                }
            }
            else
            {
                child[name] = value;
            }
        }

        return child;
    }

    private static bool IsOf(string name, string own)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return name.EndsWith('*') ? own.StartsWith(name[..^1], comparison) : own.Equals(name, comparison);
    }
}
