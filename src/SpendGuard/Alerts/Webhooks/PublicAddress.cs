using System.Net;
using System.Net.Sockets;

namespace SpendGuard.Alerts.Webhooks;

/// <summary>Which addresses are on the public internet, and which are somebody's own: a machine, a network, a link, or a cloud's metadata.</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",

            // A cloud's own services for its machines, at an address that looks public.
            "168.63.129.16/32",

            // Of what is global unicast in version 6: protocols, tunnels (2002::/16 is looked into below) and documentation.
            "2001::/23", "2001:db8::/32", "3fff::/20",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Where an address of version 4 stands in one of version 6, and from which byte on.</summary>
    private static readonly (IPNetwork Network, int At)[] Embedding =
    [
        (IPNetwork.Parse("::ffff:0:0/96"), 12), (IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2),
    ];

    public static bool Contains(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            foreach (var (network, at) in Embedding)
            {
                if (network.Contains(address))
                {
                    return Contains(new IPAddress(address.GetAddressBytes().AsSpan(at, 4)));
                }
            }

            if (address.ScopeId != 0 || !GlobalUnicast.Contains(address))
            {
                return false;
            }
        }

        return !Array.Exists(NotPublic, network => network.Contains(address));
    }
}
