using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Billing;

/// <summary>Tells calls that provably cost nothing from those whose cost is unknown.</summary>
[Experimental(ApiTier.Adapters)]
public static class UnbilledCall
{
    private const int RequestTimeout = 408;
    private const int ClientClosedRequest = 499;

    /// <summary>
    /// Whether a status is what providers answer before a model runs. After a time-out (408), a request whose sender has gone (499), or
    /// anything of 5xx it may have run, and may be billed.
    /// </summary>
    /// <param name="status">The HTTP status.</param>
    internal static bool IsRefusal(int status) => status is >= 400 and < 500 and not (RequestTimeout or ClientClosedRequest);

    /// <summary>Whether a failure means that nothing reached the provider: a connection that was never made.</summary>
    /// <param name="exception">The failure.</param>
    public static bool NeverSent(Exception? exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError
            or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>The same, of a failure's name by the conventions of telemetry.</summary>
    internal static bool NeverSent(string? error) =>
        error is "name_resolution_error" or "connection_error" or "secure_connection_error" or "proxy_tunnel_error";
}
