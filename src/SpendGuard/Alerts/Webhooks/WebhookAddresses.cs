using System.Net;
using System.Net.Sockets;

namespace SpendGuard.Alerts.Webhooks;

/// <summary>Where webhooks may go.</summary>
/// <remarks>
/// A name is checked by the addresses that it has when a connection is made, as it may have others by then, and the connection is made to one of
/// those. In hosted mode all have to be public. Otherwise, what is not encrypted stays on this machine.
/// </remarks>
internal sealed class WebhookAddresses(bool publicOnly, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Checks what can be told from the text of an address.</summary>
    /// <exception cref="ArgumentException">No webhook may go there. The message does not repeat what may be secret in it.</exception>
    public void Check(Uri address)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && (publicOnly || address.Scheme != Uri.UriSchemeHttp)))
        {
            throw new ArgumentException(
                publicOnly ? "The address of a webhook has to begin with https://." : "The address of a webhook has to begin with https://, or http:// on this machine.",
                nameof(address));
        }

        if (address.UserInfo.Length > 0 || address.Fragment.Length > 0)
        {
            throw new ArgumentException("The address of a webhook can have no user, password or fragment. Its receiver knows it by the signature.", nameof(address));
        }

        if (IPAddress.TryParse(address.DnsSafeHost, out var literal) && !MayGoTo(literal, isHttp: address.Scheme == Uri.UriSchemeHttp))
        {
            throw new ArgumentException(Refusal(address.Host, literal), nameof(address));
        }
    }

    /// <summary>Makes a connection to an address that was checked.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var isHttp = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttp;
        var addresses = await resolve(host, cancellationToken).ConfigureAwait(false);
        if (Array.Find(addresses, address => !MayGoTo(address, isHttp)) is { } refused)
        {
            throw new NotDeliveredException(Refusal(host, refused));
        }

        SocketException? failure = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                failure = exception;
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    private bool MayGoTo(IPAddress address, bool isHttp) => publicOnly ? PublicAddress.Contains(address) : !isHttp || IsThisMachine(address);

    private static bool IsThisMachine(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private string Refusal(string host, IPAddress address) => publicOnly
        ? $"The host '{host}' of the webhook has the address {address}, which is not public. Here webhooks go to public addresses only."
        : $"The host '{host}' of the webhook has the address {address}, which is not this machine: use https://.";
}
