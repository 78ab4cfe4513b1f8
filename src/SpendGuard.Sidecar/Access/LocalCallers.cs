using Microsoft.Net.Http.Headers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Access;

/// <summary>Refuses what a page in a browser on this machine could send by pretending that the sidecar is its own server.</summary>
/// <remarks>
/// A page that rebinds its name to 127.0.0.1 still sends its own name as host, and its own origin; programs send neither.
/// </remarks>
internal sealed class LocalCallers(RequestDelegate next, SidecarSettings settings)
{
    private readonly HashSet<string> _hosts = new(["localhost", "127.0.0.1", "[::1]", .. settings.AllowedHosts], StringComparer.OrdinalIgnoreCase);

    // In hosted mode a page has no key, whatever it pretends, and the names are those of the deployment.
    private readonly bool _checksHost = !settings.Hosted || settings.AllowedHosts.Count > 0;
    private readonly HashSet<string> _origins = new(settings.AllowedOrigins, StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        // Where people come with a link. Nothing else may be asked for by that name: without keys, whoever asks may do all.
        var own = context.GetEndpoint()?.Metadata.GetMetadata<PublicPage>() is null ? null : settings.PublicUrl;
        if (_checksHost && !_hosts.Contains(context.Request.Host.Host) && !IsSame(context.Request.Host.Host, own?.Host))
        {
            throw new BadRequestException(
                "The Host header does not name this sidecar. Call it as localhost, or add the name to SPENDGUARD_ALLOWED_HOSTS.");
        }

        if (context.Request.Headers[HeaderNames.Origin].ToString() is { Length: > 0 } origin
            && !_origins.Contains(origin) && !IsSame(origin, own?.GetLeftPart(UriPartial.Authority)))
        {
            throw new BadRequestException(
                "Pages of this origin may not call. Add the origin to CAP_ALLOWED_ORIGINS.", StatusCodes.Status403Forbidden);
        }

        return next(context);
    }

    private static bool IsSame(string said, string? own) => string.Equals(said, own, StringComparison.OrdinalIgnoreCase);
}
