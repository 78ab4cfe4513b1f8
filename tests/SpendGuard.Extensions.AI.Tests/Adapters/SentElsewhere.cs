namespace SpendGuard.Extensions.AI.Tests.Adapters;

/// <summary>Sends all requests to one place, whatever host they name: a client in front of it believes that it talks to that host.</summary>
internal sealed class SentElsewhere(Uri place) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(place, request.RequestUri!.PathAndQuery);
        request.Headers.Host = null;
        return base.SendAsync(request, cancellationToken);
    }
}
