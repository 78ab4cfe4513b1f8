using System.Net;
using SpendGuard.Billing;

namespace SpendGuard.Sidecar.Calls.Upstream;

/// <summary>A body that goes on the wire once. A connection may offer to repeat a request that its server says it has not begun; one hold pays for one.</summary>
internal sealed class SentOnce(ReadOnlyMemory<byte> body) : HttpContent
{
    private int _sent;

    /// <summary>How long it is, in bytes.</summary>
    public int Length => body.Length;

    /// <summary>Whether a connection has begun to take it.</summary>
    public bool WasSent => Volatile.Read(ref _sent) != 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <remarks>A connection that is there at once does not ask whether the call was cut before it takes the body.</remarks>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Interlocked.Exchange(ref _sent, 1) == 0
            ? stream.WriteAsync(body, cancellationToken).AsTask()
            : throw new NotTakenUpException();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
