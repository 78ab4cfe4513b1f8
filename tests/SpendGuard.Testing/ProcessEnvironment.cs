using System.Diagnostics;

namespace SpendGuard.Testing;

/// <summary>What a process that a test starts has from the tests' own environment.</summary>
public static class ProcessEnvironment
{
    private static readonly string[] Prefixes = ["CAP_", "SPENDGUARD_", "ASPNETCORE_"];

    /// <summary>
    /// Takes out what would set SpendGuard up, keys included, and what the tests themselves go by: that is no setting, and no sidecar starts with it.
    /// </summary>
    /// <returns>What was given.</returns>
    public static ProcessStartInfo WithoutSettings(this ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    private static bool IsSetting(string name) =>
        Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || name is "DOTNET_ENVIRONMENT" or "URLS" or "ANTHROPIC_VERSION"
        || name.EndsWith("_API_KEY", StringComparison.Ordinal)
        || name.EndsWith("_BASE_URL", StringComparison.Ordinal);
}
