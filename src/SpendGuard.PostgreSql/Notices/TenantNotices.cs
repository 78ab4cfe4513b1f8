using Microsoft.Extensions.Logging;
using Npgsql;
using SpendGuard.PostgreSql.Schema;

namespace SpendGuard.PostgreSql.Notices;

/// <summary>
/// Listens for what commits of any process tell (<see cref="NoticeWriter"/>), on one connection for all tenants of this one, from the first who wants
/// to be told.
/// </summary>
/// <remarks>
/// A notice says no more than that there is something to look for, so none has to be kept: when the connection breaks, all are told, and once more
/// when there is another. Behind a pooler in transaction mode nothing would come, and of few connections none can be spared; there nobody listens.
/// </remarks>
internal sealed class TenantNotices(PostgresConnections data, TimeProvider clock) : IAsyncDisposable
{
    public const string Channel = "spendguard";

    /// <summary>A connection that tells nothing for so long is asked whether it is there.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<TenantWatch>> _watches = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopped = new();
    private Task? _listening;
    private volatile bool _areComing;

    /// <summary>Whether notices come.</summary>
    public bool AreComing => _areComing;

    /// <summary>Tells somebody of a tenant's changes from now on.</summary>
    public TenantWatch Watch(string tenant, Action changed, ILogger logger)
    {
        var watch = new TenantWatch(this, tenant, changed);
        lock (_gate)
        {
            (_watches.TryGetValue(tenant, out var watches) ? watches : _watches[tenant] = []).Add(watch);
            if (!_stopped.IsCancellationRequested)
            {
                _listening ??= Task.Run(() => ListenUntilStoppedAsync(logger));
            }
        }

        return watch;
    }

    public void Remove(TenantWatch watch)
    {
        lock (_gate)
        {
            if (_watches.TryGetValue(watch.Tenant, out var watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _watches.Remove(watch.Tenant);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopped.IsCancellationRequested)
        {
            return;
        }

        await _stopped.CancelAsync().ConfigureAwait(false);
        Task? listening;
        lock (_gate)
        {
            listening = _listening;
        }

        await (listening ?? Task.CompletedTask).ConfigureAwait(false);
        _stopped.Dispose();
    }

    private async Task ListenUntilStoppedAsync(ILogger logger)
    {
        var pause = FirstPause;
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                await using var connection = await data.OpenConnectionAsync(_stopped.Token).ConfigureAwait(false);
                if (!await TryListenAsync(connection).ConfigureAwait(false))
                {
                    return;
                }

                pause = FirstPause;
                await WaitAsync(connection).ConfigureAwait(false);
            }
            catch (Exception) when (_stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.NotListening(logger, exception);
                Stop();
            }

            try
            {
                await Task.Delay(pause, clock, _stopped.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <returns>Whether the server tells what it hears, and no pooler stands between.</returns>
    private async Task<bool> TryListenAsync(NpgsqlConnection connection)
    {
        if (await PostgresServer.CheckAsync(connection, _stopped.Token).ConfigureAwait(false) is { Pooled: true } or { Notifies: false })
        {
            return false;
        }

        connection.Notification += (_, notice) => Tell(notice.Payload);
        await using var listen = new NpgsqlCommand($"LISTEN {Channel}", connection);
        await listen.ExecuteNonQueryAsync(_stopped.Token).ConfigureAwait(false);
        _areComing = true;
        TellAll();
        return true;
    }

    private async Task WaitAsync(NpgsqlConnection connection)
    {
        while (true)
        {
            if (!await connection.WaitAsync(Silence, _stopped.Token).ConfigureAwait(false))
            {
                await using var alive = new NpgsqlCommand("SELECT 1", connection);
                await alive.ExecuteScalarAsync(_stopped.Token).ConfigureAwait(false);
            }
        }
    }

    private void Stop()
    {
        if (_areComing)
        {
            _areComing = false;
            TellAll();
        }
    }

    private void Tell(string tenant)
    {
        List<TenantWatch> told;
        lock (_gate)
        {
            told = [.. _watches.GetValueOrDefault(tenant, [])];
        }

        told.ForEach(watch => watch.Tell());
    }

    private void TellAll()
    {
        List<TenantWatch> told;
        lock (_gate)
        {
            told = [.. _watches.Values.SelectMany(watches => watches)];
        }

        told.ForEach(watch => watch.Tell());
    }
}
