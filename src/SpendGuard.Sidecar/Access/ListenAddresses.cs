using System.Net;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Access;

/// <summary>Where the sidecar listens: on this machine only, unless keys tell callers apart.</summary>
internal static class ListenAddresses
{
    public const string Default = "http://127.0.0.1:8787";

    public static string[] Read(IConfiguration configuration) =>
        (configuration["URLS"] ?? Default).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Faults every address that other machines can reach, wherever it is set: endpoints of Kestrel's own go before addresses.</summary>
    public static void Check(SettingsReader reader, IConfiguration configuration, bool hosted)
    {
        if (hosted)
        {
            return;
        }

        foreach (var address in Read(configuration))
        {
            Check(reader, "ASPNETCORE_URLS", address);
        }

        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            Check(reader, endpoint.Path, endpoint["Url"] ?? "");
        }
    }

    private static void Check(SettingsReader reader, string name, string address)
    {
        if (!IsLoopback(address))
        {
            reader.Fault($"{name} has '{address}', which other machines can reach, and no authentication is set up. Listen on 127.0.0.1, or set CAP_MODE to 'hosted'.", address);
        }
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
