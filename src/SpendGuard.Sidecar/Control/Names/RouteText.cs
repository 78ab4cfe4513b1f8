using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace SpendGuard.Sidecar.Control.Names;

/// <summary>A part of a path as the client meant it. The server leaves an encoded slash as it is, which a name may have.</summary>
internal static class RouteText
{
    /// <param name="context">The request.</param>
    /// <param name="parameter">The part's name in the route.</param>
    /// <param name="value">What the server has made of it.</param>
    public static string Of(HttpContext context, string parameter, string value)
    {
        const string Slash = "%2F";
        if (!value.Contains(Slash, StringComparison.OrdinalIgnoreCase))
        {
            return value;
        }

        // Whether the client has encoded a slash, or the sign before it: only what it sent tells.
        var sent = context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?', 2)[0].Split('/') ?? [];
        var parts = context.GetEndpoint() is RouteEndpoint route ? route.RoutePattern.PathSegments : [];
        var place = parts.ToList().FindIndex(part => part.Parts is [RoutePatternParameterPart named] && named.Name == parameter);
        return place >= 0 && sent is ["", ..] && sent.Length == parts.Count + 1
            ? Uri.UnescapeDataString(sent[place + 1])
            : value.Replace(Slash, "/", StringComparison.OrdinalIgnoreCase);
    }
}
