using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Providers;
using Yarp.ReverseProxy.Forwarder;

namespace SpendGuard.Sidecar.Calls;

/// <summary>
/// Addresses a request to a provider: where it goes, whose key it carries, and which of the caller's headers go along. What is of one
/// connection only stays there, on the way back too.
/// </summary>
/// <param name="provider">The provider.</param>
/// <param name="path">The path at the provider, from its base address on.</param>
internal sealed class Addressing(Provider provider, string path) : HttpTransformer
{
    /// <summary>Headers that are the caller's business with the sidecar, or would let it choose what the provider sees or does beyond the body.</summary>
    private static readonly string[] NotForwarded =
    [
        "Cookie", "Origin", "Referer", "Accept-Encoding", CallHeaders.Agent, CallHeaders.CynstaAgent, CallHeaders.Run, CallHeaders.CynstaRun,
        .. PresentedKey.Headers.Select(header => header.Name), .. Wings.All.SelectMany(wing => wing.NotForwarded),
    ];

    public override async ValueTask TransformRequestAsync(
        HttpContext context, HttpRequestMessage request, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(context, request, destinationPrefix, cancellationToken);
        request.RequestUri = new Uri(provider.BaseAddress + path + ForwardedQuery.Of(context.Request.Query));
        request.Headers.Host = null;
        foreach (var name in NotForwarded)
        {
            request.Headers.Remove(name);
        }

        provider.Authorize(request);
    }
}
