using System.Net;
using System.Net.Sockets;

namespace SpendGuard.Testing;

/// <summary>Speaks HTTP/2 without TLS, and turns every request away before it is processed: refuses its stream, resets it, or goes away.</summary>
public sealed class RefusingHttp2Server : IAsyncDisposable
{
    private const byte Data = 0, Reset = 3, Settings = 4, GoAway = 7;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte? _error;
    private readonly Task _accepting;
    private int _requests;

    /// <param name="error">The code that a stream is reset with; null to go away, with no stream processed.</param>
    public RefusingHttp2Server(byte? error)
    {
        _error = error;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");

    /// <summary>How many requests have come.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
    }

    private static byte[] Frame(byte type, byte flags, ReadOnlySpan<byte> stream, params ReadOnlySpan<byte> payload) =>
        [0, 0, (byte)payload.Length, type, flags, .. stream, .. payload];

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync()));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        var stream = client.GetStream();
        try
        {
            await stream.ReadExactlyAsync(new byte[24]);
            await stream.WriteAsync(Frame(Settings, 0, [0, 0, 0, 0]));
            var head = new byte[9];
            while (true)
            {
                await stream.ReadExactlyAsync(head);
                await stream.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]]);
                if (head[3] == Settings && head[4] == 0)
                {
                    await stream.WriteAsync(Frame(Settings, 1, [0, 0, 0, 0]));
                }

                // The last frame of a request: its body has been sent by then.
                if (head[3] is Data && (head[4] & 1) != 0)
                {
                    Interlocked.Increment(ref _requests);
                    await stream.WriteAsync(_error is { } code
                        ? Frame(Reset, 0, head.AsSpan(5, 4), 0, 0, 0, code)
                        : Frame(GoAway, 0, [0, 0, 0, 0], 0, 0, 0, 0, 0, 0, 0, 0));
                    if (_error is null)
                    {
                        return;
                    }
                }
            }
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }
}
