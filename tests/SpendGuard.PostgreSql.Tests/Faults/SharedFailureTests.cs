using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Keys;
using SpendGuard.PostgreSql.Keys;
using SpendGuard.Testing;

namespace SpendGuard.PostgreSql.Tests.Faults;

/// <summary>A database that cannot be reached is not knocked at for each of those who ask.</summary>
public sealed class SharedFailureTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _attempts;

    public SharedFailureTests()
    {
        _listener.Start();
        _ = RefuseAsync();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task ManyAsk_ButFewAttemptsAreMade()
    {
        var clock = new FakeTimeProvider();
        await using var connections = PostgresConnections.Open(
            $"Host=127.0.0.1;Port={((IPEndPoint)_listener.LocalEndpoint).Port};Username=u;SSL Mode=Disable;GSS Encryption Mode=Disable", clock);
        var keys = new ApiKeyStore(connections, NullLogger<ApiKeyStore>.Instance, TimeSpan.FromSeconds(1), clock);
        await DoneAsync(AskAsync());
        var first = Volatile.Read(ref _attempts);
        Assert.NotEqual(0, first);
        await DoneAsync(Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AskAsync())));

        // Once for each who asks it would be a hundred, and many times that with what each tries again.
        Assert.InRange(Volatile.Read(ref _attempts) - first, 0, 50);

        async Task DoneAsync(Task asking)
        {
            await Eventually.HoldsAsync(() => asking.IsCompleted, () => clock.Advance(TimeSpan.FromMilliseconds(10)));
            await asking;
        }

        Task AskAsync() => Assert.ThrowsAsync<StoreUnavailableException>(() => keys.FindAsync(ApiKeySecret.Create(live: true), default));
    }

    private async Task RefuseAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _attempts);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
