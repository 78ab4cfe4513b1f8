namespace SpendGuard.Sidecar.Calls;

/// <summary>Tells failures in which nothing reached the provider.</summary>
internal static class UnsentFailure
{
    public static bool Is(Exception? exception) => exception switch
    {
        HttpRequestException { HttpRequestError: var error } => error is
            HttpRequestError.NameResolutionError or
            HttpRequestError.ConnectionError or
            HttpRequestError.SecureConnectionError or
            HttpRequestError.ProxyTunnelError,
        _ => false,
    };
}
