using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace SpendGuard.PostgreSql.Tests.Faults;

/// <summary>Stands between the store and its server, and cuts the wire at a commit when it is told to.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    // As it stands in the wire, both in the statement and in the server's answer to it.
    private static readonly byte[] CommitText = Encoding.ASCII.GetBytes("COMMIT\0");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Task _accepting;
    private Cut _cut;

    public CuttingProxy(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Start();
        _accepting = AcceptAsync();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable,
        }.ConnectionString;
    }

    /// <summary>Where in a commit the wire is cut.</summary>
    public enum Cut
    {
        /// <summary>Nowhere.</summary>
        None,

        /// <summary>The server does not get the statement. It can be seen only where statements are not prepared.</summary>
        Statement,

        /// <summary>The server has committed, and its answer is lost.</summary>
        Answer,
    }

    public string ConnectionString { get; }

    /// <summary>How often the wire was cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>What is done just before the wire is cut.</summary>
    public Func<Task> BeforeCut { get; set; } = static () => Task.CompletedTask;

    /// <summary>Cuts the wire at the next commit, once.</summary>
    public void CutNext(Cut cut) => _cut = cut;

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        var wires = new List<Task>();
        try
        {
            while (true)
            {
                wires.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopped.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(wires);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = await ConnectAsync();
        using (client)
        {
            await Task.WhenAny(PumpAsync(client, server, Cut.Statement), PumpAsync(server, client, Cut.Answer));
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Cut here)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stopped.Token) is > 0 and var count)
            {
                if (_cut == here && buffer.AsSpan(0, count).IndexOf(CommitText) >= 0)
                {
                    _cut = Cut.None;
                    Cuts++;
                    await BeforeCut();
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, count), _stopped.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Either end has gone; the other one is told by closing it.
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var unix = _server.Host!.StartsWith('/');
        var socket = new Socket(
            unix ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        if (unix)
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint($"{_server.Host}/.s.PGSQL.{_server.Port}"));
        }
        else
        {
            await socket.ConnectAsync(_server.Host, _server.Port);
        }

        return socket;
    }
}
