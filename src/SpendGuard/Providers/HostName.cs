namespace SpendGuard.Providers;

/// <summary>Compares names of hosts.</summary>
internal static class HostName
{
    public static bool IsBelow(string host, string name) => host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);

    public static bool IsOrBelow(string host, string name) => host.Equals(name, StringComparison.OrdinalIgnoreCase) || IsBelow(host, name);
}
