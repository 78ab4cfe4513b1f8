using System.Runtime.ExceptionServices;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls.Relay;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Settings;
using Yarp.ReverseProxy.Forwarder;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Sends a capped request with the provider's key instead of the caller's, and relays the answer.</summary>
internal sealed class CallTransformer(Exchange exchange, SidecarSettings settings, CancellationToken upstream) : HttpTransformer
{
    /// <summary>Headers that are the caller's business with the sidecar, or would let it choose what the provider sees or does beyond the body.</summary>
    private static readonly string[] NotForwarded =
    [
        "Cookie", "Origin", "Referer", "Accept-Encoding", CallHeaders.Agent, CallHeaders.CynstaAgent, CallHeaders.Run, CallHeaders.CynstaRun,
        .. PresentedKey.Headers.Select(header => header.Name), .. Wings.All.SelectMany(wing => wing.NotForwarded),
    ];

    /// <summary>Whether an answer came, whatever became of it.</summary>
    public bool Answered { get; private set; }

    /// <summary>What went wrong here with an answer that came, such as a store that could not commit its cost.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    public override async ValueTask TransformRequestAsync(
        HttpContext context, HttpRequestMessage request, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(context, request, destinationPrefix, cancellationToken);
        Address(context, request, exchange.Route);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext context, HttpResponseMessage? response, CancellationToken cancellationToken)
    {
        if (response is null)
        {
            return false;
        }

        Answered = true;
        await base.TransformResponseAsync(context, response, cancellationToken);
        var relay = response.Content.Headers.ContentType?.MediaType == "text/event-stream" && response.IsSuccessStatusCode
            ? EventRelay.RelayAsync(context, response, exchange, upstream)
            : WholeRelay.RelayAsync(context, response, exchange, settings.MaxAnswerBytes, upstream);
        try
        {
            await relay;
        }
        catch (Exception exception)
        {
            // The forwarder would answer with a bare 502, as if the provider had failed.
            Failure = ExceptionDispatchInfo.Capture(exception);
        }

        return false;
    }

    /// <summary>Sets where a request goes and whose key it carries, and takes out what is not the provider's business.</summary>
    public static void Address(HttpContext context, HttpRequestMessage request, ProviderRoute route)
    {
        var provider = route.Provider;
        request.RequestUri = new Uri(provider.BaseAddress + route.Path + ForwardedQuery.Of(context.Request.Query));
        request.Headers.Host = null;
        foreach (var name in NotForwarded)
        {
            request.Headers.Remove(name);
        }

        provider.Authorize(request);
    }
}
