using System.Net;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Calls.Upstream;

/// <summary>The connections to all providers: no redirects, no cookies, no proxy of the environment, no decompression.</summary>
internal sealed class ProviderClient(SidecarSettings settings, TimeProvider time, ILogger<ProviderClient> logger) : IDisposable
{
    public HttpMessageInvoker Invoker { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        EnableMultipleHttp2Connections = true,

        // What is not read to its end is not wanted: it is not read on for the sake of its connection.
        ResponseDrainTimeout = TimeSpan.Zero,
    });

    /// <summary>Sends a call's body, and takes status and headers of the answer over to the caller's. Fails where no answer begins in time.</summary>
    /// <param name="context">The caller's request and answer.</param>
    /// <param name="call">The call.</param>
    /// <param name="body">What is sent of it.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    /// <exception cref="NotSentException">Whatever went wrong did so before the body was sent, such as a connection that nobody took up in time.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpContext context, Call call, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var addressing = new Addressing(call.Route, call.Path, call.Tables);
        var content = new SentOnce(body);
        HttpResponseMessage response;
        try
        {
            response = await SendAsync(context, call, addressing, HttpMethod.Post, content, cancellationToken);
        }
        catch (Exception exception) when (!content.WasSent)
        {
            throw new NotSentException(exception);
        }

        return await TakeAsync(context, call, addressing, response);
    }

    /// <summary>Asks for something that has no body, such as what has become of a batch, and takes the answer as that of a call.</summary>
    /// <param name="context">The caller's request and answer.</param>
    /// <param name="call">What is asked.</param>
    /// <param name="method">How it is asked for.</param>
    /// <param name="path">The path at the provider, from its base address on.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    public async Task<HttpResponseMessage> AskAsync(HttpContext context, Call call, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        var addressing = new Addressing(call.Route, path, call.Tables);
        return await TakeAsync(context, call, addressing, await SendAsync(context, call, addressing, method, content: null, cancellationToken));
    }

    public void Dispose() => Invoker.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpContext context, Call call, Addressing addressing, HttpMethod method, SentOnce? content, CancellationToken cancellationToken)
    {
        using var timeUp = new CancellationTokenSource(settings.ProviderTimeout, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeUp.Token);
        using var request = new HttpRequestMessage(method, default(Uri))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = content,
        };
        await addressing.TransformRequestAsync(context, request, call.Route.Provider.BaseAddress, patience.Token);
        if (content is not null)
        {
            // The caller's was of another body.
            content.Headers.ContentLength = content.Length;
        }

        return await Invoker.SendAsync(request, patience.Token);
    }

    private async Task<HttpResponseMessage> TakeAsync(HttpContext context, Call call, Addressing addressing, HttpResponseMessage response)
    {
        await UnaskedEncoding.UndoAsync(response);
        await PatientStream.ApplyAsync(response, call.Provider, settings.ProviderIdleTime, time);
        await AnswerHead.TakeAsync(context, addressing, response, logger);
        return response;
    }
}
