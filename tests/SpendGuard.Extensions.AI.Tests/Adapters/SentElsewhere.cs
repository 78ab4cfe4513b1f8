namespace SpendGuard.Extensions.AI.Tests.Adapters;

/// <summary>Sends what is meant for some provider's host to another address, and keeps what was sent.</summary>
internal sealed class SentElsewhere(Uri address) : DelegatingHandler(new SocketsHttpHandler())
{
    public List<string> Bodies { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        request.RequestUri = new Uri(address, request.RequestUri!.AbsolutePath.TrimStart('/'));
        return await base.SendAsync(request, cancellationToken);
    }
}
