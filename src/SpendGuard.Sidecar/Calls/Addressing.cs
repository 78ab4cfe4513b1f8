using System.Net.Http.Headers;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Providers;
using Yarp.ReverseProxy.Forwarder;

namespace SpendGuard.Sidecar.Calls;

/// <summary>
/// Addresses a request to a provider: where it goes, whose key it carries, and which of the caller's headers go along. What is of one
/// connection only stays there, on the way back too.
/// </summary>
/// <param name="route">Where its route leads.</param>
/// <param name="path">The path at the provider, from its base address on.</param>
/// <param name="tables">What may go on of a request.</param>
internal sealed class Addressing(ProviderRoute route, string path, RequestTables tables) : HttpTransformer
{
    /// <summary>
    /// Headers of answers that stay here: they would have the client go elsewhere, keep something of the provider's for this address, or
    /// open it to pages.
    /// </summary>
    private static readonly string[] NotReturned =
    [
        "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers", "Access-Control-Max-Age", "Alt-Svc", "Clear-Site-Data", "Location", "NEL", "Refresh", "Report-To",
        "Reporting-Endpoints", "Set-Cookie", "Strict-Transport-Security",
    ];

    public override ValueTask TransformRequestAsync(
        HttpContext context, HttpRequestMessage request, string destinationPrefix, CancellationToken cancellationToken)
    {
        var provider = route.Provider;
        request.RequestUri = new Uri(provider.BaseAddress + path + ForwardedQuery.Of(context.Request.Query, route.Query));
        provider.Forwarded(tables).Copy(context.Request.Headers, request);
        if (request.Content is { } content)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            content.Headers.ContentLength = context.Request.ContentLength;
        }

        provider.Authorize(request);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext context, HttpResponseMessage? response, CancellationToken cancellationToken)
    {
        var returns = await base.TransformResponseAsync(context, response, cancellationToken);
        var headers = context.Response.Headers;
        foreach (var name in headers.Keys
            .Where(name => name.StartsWith(CallHeaders.Prefix, StringComparison.OrdinalIgnoreCase))
            .Concat(NotReturned)
            .Concat(route.Provider.Wing.NotReturned)
            .ToList())
        {
            headers.Remove(name);
        }

        return returns;
    }
}
