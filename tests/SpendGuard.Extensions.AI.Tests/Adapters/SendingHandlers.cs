using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace SpendGuard.Extensions.AI.Tests.Adapters;

/// <summary>Hands requests to a thread of its own, whose flow is nobody's or that of whoever came first; or only some of them.</summary>
internal sealed class QueueingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>();
    private int _started;

    /// <summary>Whether the thread runs on in the flow of the call that started it.</summary>
    public bool TakesTheFirstFlow { get; init; }

    /// <summary>Which requests it sends itself, in the flow that they come in.</summary>
    public Func<bool> SendsInline { get; init; } = () => false;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (SendsInline())
        {
            return base.SendAsync(request, cancellationToken);
        }

        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            using var flow = TakesTheFirstFlow ? default(IDisposable) : ExecutionContext.SuppressFlow();
            _ = Task.Run(WorkAsync, CancellationToken.None);
        }

        var waiting = new Waiting(request, new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
        _queue.Writer.TryWrite(waiting);
        return waiting.Answer.Task;
    }

    private async Task WorkAsync()
    {
        await foreach (var waiting in _queue.Reader.ReadAllAsync())
        {
            try
            {
                waiting.Answer.SetResult(await base.SendAsync(waiting.Request, waiting.Cancelled));
            }
            catch (Exception exception)
            {
                waiting.Answer.SetException(exception);
            }
        }
    }

    private sealed record Waiting(HttpRequestMessage Request, TaskCompletionSource<HttpResponseMessage> Answer, CancellationToken Cancelled);
}

/// <summary>A transport of one's own: nothing of .NET's is in it but the socket.</summary>
internal sealed class OwnTransport : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        using var client = new TcpClient();
        await client.ConnectAsync(request.RequestUri!.Host, request.RequestUri.Port, cancellationToken);
        await using var stream = client.GetStream();
        var head = $"POST {request.RequestUri.PathAndQuery} HTTP/1.0\r\nHost: {request.RequestUri.Authority}\r\nAuthorization: Bearer k\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
        await stream.WriteAsync(body, cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(cancellationToken);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? throw new InvalidOperationException("The frame is short.") : new HttpResponseMessage((HttpStatusCode)int.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture))
        {
            RequestMessage = request,
            Content = new StringContent(answer[(end + 4)..], Encoding.UTF8, answer.Contains("event-stream", StringComparison.Ordinal) ? "text/event-stream" : "application/json"),
        };
    }
}

/// <summary>Sends by one handler or another.</summary>
internal sealed class EitherHandler(HttpMessageHandler one, HttpMessageHandler other, Func<bool> isOne) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _one = new(one);
    private readonly HttpMessageInvoker _other = new(other);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        (isOne() ? _one : _other).SendAsync(request, cancellationToken);
}

/// <summary>Spoils the answers or requests that a test wants spoilt.</summary>
internal sealed class SpoilingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public enum Spoils
    {
        Nothing,

        /// <summary>The answer is whole and paid for, and no SDK reads it.</summary>
        Answer,

        /// <summary>The handler throws before it has sent the request.</summary>
        Request,

        /// <summary>The request goes to where nobody listens.</summary>
        Address,
    }

    public Spoils Next { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        switch (Next)
        {
            case Spoils.Request:
                throw new InvalidOperationException("There is no credential.");
            case Spoils.Address:
                request.RequestUri = new Uri("http://nobody.invalid/");
                return await base.SendAsync(request, cancellationToken);
            case Spoils.Answer:
                var response = await base.SendAsync(request, cancellationToken);
                var answer = await response.Content.ReadAsStringAsync(cancellationToken);
                response.Content = new StringContent(answer.Replace("\"created\":", "\"created\":\"abc\",\"old\":", StringComparison.Ordinal), response.Content.Headers.ContentType);
                return response;
            default:
                return await base.SendAsync(request, cancellationToken);
        }
    }
}
