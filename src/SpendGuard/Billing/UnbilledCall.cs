using System.Diagnostics.CodeAnalysis;
using System.Net.Http;

namespace SpendGuard.Billing;

/// <summary>Tells calls that provably cost nothing from those whose cost is unknown.</summary>
[Experimental(ApiTier.Adapters)]
public static class UnbilledCall
{
    private const int RequestTimeout = 408;
    private const int ClientClosedRequest = 499;

    /// <summary>With which a server says that it has not begun to process a request, by HTTP/2 and by HTTP/3.</summary>
    private const long RefusedStream = 0x7, RequestRejected = 0x10b;

    /// <summary>
    /// Whether a status is what providers answer before a model runs. After a time-out (408), a request whose sender has gone (499), or
    /// anything of 5xx it may have run, and may be billed.
    /// </summary>
    /// <param name="status">The HTTP status.</param>
    internal static bool IsRefusal(int status) => status is >= 400 and < 500 and not (RequestTimeout or ClientClosedRequest);

    /// <summary>
    /// Whether a status sends the request elsewhere as it is, so that it was not run here. After a 301, 302 or 303, clients ask for the other
    /// address by GET: whatever the request was for may have been done, and be told of there.
    /// </summary>
    /// <param name="status">The HTTP status.</param>
    internal static bool IsSentElsewhere(int status) => status is 307 or 308;

    /// <summary>Whether a failure means that no provider took the request up: a connection that was never made, or a server that turned it away unread.</summary>
    /// <param name="exception">The failure.</param>
    public static bool NeverSent(Exception? exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError
            or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError,
    }
    or HttpRequestException { InnerException: HttpProtocolException { ErrorCode: RefusedStream or RequestRejected } or NotTakenUpException };

    /// <summary>The same, of a failure's name by the conventions of telemetry.</summary>
    internal static bool NeverSent(string? error) =>
        error is "name_resolution_error" or "connection_error" or "secure_connection_error" or "proxy_tunnel_error";
}
