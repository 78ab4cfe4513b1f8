using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SpendGuard.Clients.Tests.Running;

/// <summary>The only way out of the machine that programs are told of: a proxy that lets nothing through, and writes down where they wanted to go.</summary>
internal sealed class DeadEnd : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, bool> _wanted = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public DeadEnd()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>The first lines of what was asked for, each once.</summary>
    public IReadOnlyList<string> Wanted => [.. _wanted.Keys.Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await RefuseAsync(client);
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The next one, or the end.
            }
        }
    }

    private async Task RefuseAsync(TcpClient client)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        _wanted.TryAdd(await reader.ReadLineAsync(patience.Token) ?? "", true);
        await stream.WriteAsync("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"u8.ToArray(), patience.Token);
    }
}
