using System.Net;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Hosting;

/// <summary>Where the sidecar listens: on this machine only, as nothing tells callers apart.</summary>
internal static class ListenAddresses
{
    public const string Default = "http://127.0.0.1:8787";

    /// <exception cref="SettingsException">An address can be reached from other machines.</exception>
    public static string[] Read(IConfiguration configuration)
    {
        var addresses = (configuration["URLS"] ?? Default).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var open = addresses.Where(address => !IsLoopback(address)).ToList();
        return open.Count == 0
            ? addresses
            : throw new SettingsException(
                [.. open.Select(address =>
                    $"ASPNETCORE_URLS has '{address}', which other machines can reach, and no authentication is set up. Listen on 127.0.0.1.")]);
    }

    private static bool IsLoopback(string address)
    {
        try
        {
            var host = BindingAddress.Parse(address).Host;
            return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
