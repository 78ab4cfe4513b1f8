using Npgsql;
using SpendGuard.PostgreSql.Notices;

namespace SpendGuard.PostgreSql;

/// <summary>The connections to one database. All who share it share its failures too: one tries to connect, the others wait for what comes of it.</summary>
/// <remarks>
/// While nothing fails, a connection costs nothing here. Once one has failed, there is one attempt at a time, and a pause before each that
/// grows to seconds, however many ask: a server that comes back is not trampled, and strangers cannot make this process knock for them.
/// </remarks>
internal sealed class PostgresConnections(NpgsqlDataSource data, bool owned, TimeProvider clock) : IAsyncDisposable, IDisposable
{
    private const int LeastThatSparesOne = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();
    private TenantNotices? _notices;
    private volatile int _failures;
    private long _failedAt;

    /// <summary>Whether the connection string says that a pooler in transaction mode stands between.</summary>
    public bool BehindPooler { get; private init; }

    /// <summary>Whether one of them can be kept for what tells of changes.</summary>
    public bool CanListen => !BehindPooler
        && new NpgsqlConnectionStringBuilder(data.ConnectionString) is ({ Pooling: false } or { MaxPoolSize: >= LeastThatSparesOne });

    /// <summary>What tells of changes, for all who share the connections.</summary>
    public TenantNotices Notices
    {
        get
        {
            lock (_gate)
            {
                return _notices ??= new TenantNotices(this, clock);
            }
        }
    }

    /// <summary>Opens a database.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be used.</exception>
    public static PostgresConnections Open(string connectionString, TimeProvider? clock = null)
    {
        var (normalized, behindPooler) = ConnectionAddress.Read(connectionString);

        // Slim: no reflection, and of the types only those that are used. Encryption is for the server to ask for.
        var builder = new NpgsqlSlimDataSourceBuilder(normalized);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        return new PostgresConnections(builder.Build(), owned: true, clock ?? TimeProvider.System) { BehindPooler = behindPooler };
    }

    /// <summary>Opens what the options name.</summary>
    public static PostgresConnections Of(PostgresStoreOptions options) => options.Connections
        ?? (options.DataSource is { } shared ? new PostgresConnections(shared, owned: false, options.Clock) : Open(options.ConnectionString!, options.Clock));

    /// <summary>An open connection.</summary>
    public async ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        if (_failures == 0)
        {
            return await TryAsync(cancellationToken).ConfigureAwait(false);
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_failures > 0 && Pause() is var pause && pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
            }

            return await TryAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes what is its own.</summary>
    public async ValueTask DisposeAsync()
    {
        await Notices.DisposeAsync().ConfigureAwait(false);
        _turn.Dispose();
        if (owned)
        {
            await data.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The same, waited for on this thread: for containers that are not disposed of asynchronously.</summary>
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    private async ValueTask<NpgsqlConnection> TryAsync(CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        try
        {
            var connection = await data.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            _failures = 0;
            return connection;
        }
        catch (Exception exception) when (exception is NpgsqlException || clock.GetElapsedTime(begun) > LongestPause)
        {
            // One that does not answer is as good as one that refuses.
            Volatile.Write(ref _failedAt, clock.GetTimestamp());
            Interlocked.Increment(ref _failures);
            throw;
        }
    }

    /// <summary>How long it is until the next attempt may be made.</summary>
    private TimeSpan Pause()
    {
        var pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(_failures - 1, 10))));
        return pause - clock.GetElapsedTime(Volatile.Read(ref _failedAt));
    }
}
