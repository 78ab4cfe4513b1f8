using Microsoft.Extensions.Logging;
using Npgsql;
using SpendGuard.Alerts;
using SpendGuard.PostgreSql.Commits;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.PostgreSql.Schema;

namespace SpendGuard.PostgreSql.Alerts;

/// <summary>The alerts of one tenant, in the database that has its ledger.</summary>
internal sealed class PostgresAlerts(PostgresStoreOptions options, PostgresConnections data, StoreOpening opening, ILogger logger) : IAlertOutbox
{
    public async ValueTask RegisterAsync(string sink, DateTimeOffset since, TimeSpan forgetAfter, DateTimeOffset now, CancellationToken cancellationToken) =>
        await WriteAsync(
            batch =>
            {
                Lock(batch);
                batch.Add(AlertSql.DeliverSince).With(options.Tenant).With(sink).With(since.UtcTicks);
                batch.Add(AlertSql.Register).With(options.Tenant).With(sink);
                batch.Add(AlertSql.ForgetDeliveries).With(options.Tenant).With(sink).With(forgetAfter.Ticks);
                batch.Add(AlertSql.ForgetSinks).With(options.Tenant).With(sink).With(forgetAfter.Ticks);
            },
            static row => row.GetInt64(0),
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<DueAlert?> TakeAsync(string sink, TimeSpan lease, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await WriteAsync(
            batch => batch.Add(AlertSql.Take).With(options.Tenant).With(sink).With(lease.Ticks),
            row => new DueAlert
            {
                Sequence = row.GetInt64(0), Sink = sink, Attempt = row.GetInt32(1), Lease = row.GetInt64(2), Alert = AlertJson.Read(row.GetString(3)),
            },
            cancellationToken).ConfigureAwait(false)).SingleOrDefault();

    public async ValueTask<bool> MarkDeliveredAsync(DueAlert alert, DateTimeOffset now, CancellationToken cancellationToken) =>
        await MarkAsync(batch => OfAlert(batch.Add(AlertSql.MarkDelivered), alert), cancellationToken).ConfigureAwait(false);

    public async ValueTask<bool> MarkFailedAsync(DueAlert alert, string failure, TimeSpan? retryIn, DateTimeOffset now, CancellationToken cancellationToken) =>
        await MarkAsync(
            batch =>
            {
                if (retryIn is { } pause)
                {
                    OfAlert(batch.Add(AlertSql.MarkFailed), alert).With(failure).With(pause.Ticks);
                }
                else
                {
                    OfAlert(batch.Add(AlertSql.GiveUp), alert).With(failure);
                }
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<KeptAlert>> ListAsync(long? before, NodeId? node, int limit, CancellationToken cancellationToken)
    {
        var page = await TryAsync(
            batch =>
            {
                var command = batch.Add(node is null ? AlertSql.List : AlertSql.ListOfNode)
                    .With(options.Tenant).With(before ?? long.MaxValue).With((long)Math.Max(0, limit));
                _ = node is { } one ? command.With(one.Value) : command;
            },
            static row => (Sequence: row.GetInt64(0), Alert: AlertJson.Read(row.GetString(1))),
            writes: false,
            cancellationToken).ConfigureAwait(false);
        var progress = (await TryAsync(
            batch => batch.Add(AlertSql.FindProgress).With(options.Tenant).With(page, kept => kept.Sequence), ReadProgress, writes: false, cancellationToken)
            .ConfigureAwait(false)).ToLookup(one => one.Sequence, one => one.Progress);
        return [.. page.Select(kept => new KeptAlert
        {
            Sequence = kept.Sequence, Alert = kept.Alert, Progress = [.. progress[kept.Sequence].OrderBy(with => with.Sink, StringComparer.Ordinal)],
        })];
    }

    public async ValueTask<int> ReplayAsync(AlertSelection which, DateTimeOffset now, CancellationToken cancellationToken) =>
        checked((int)(await WriteAsync(
            batch =>
            {
                Lock(batch);
                batch.Add(AlertSql.Replay).With(options.Tenant).With(which.Id).With((which.Since ?? DateTimeOffset.MinValue).UtcTicks);
            },
            static row => row.GetInt64(0),
            cancellationToken).ConfigureAwait(false))[0]);

    /// <summary>Keeps an alert, as the commit of a command does it.</summary>
    public async Task RaiseAsync(Alert alert, CancellationToken cancellationToken) => await WriteAsync(
        batch =>
        {
            Lock(batch);
            AddRaised(batch, options.Tenant, [alert]);
        },
        static row => row.GetInt64(0),
        cancellationToken).ConfigureAwait(false);

    /// <summary>Adds what keeps alerts, in a transaction that holds the ledger's last number.</summary>
    public static void AddRaised(NpgsqlBatch batch, string tenant, IReadOnlyList<Alert> alerts) => batch.Add(AlertSql.Raise).With(tenant)
        .With(alerts, alert => alert.Id)
        .With(alerts, alert => alert.At.UtcTicks)
        .With(alerts, alert => alert.Node.Value)
        .With(alerts, AlertJson.Write);

    private static (long Sequence, AlertProgress Progress) ReadProgress(NpgsqlDataReader row) => (row.GetInt64(0), new AlertProgress
    {
        Sink = row.GetString(1),
        Attempts = row.GetInt32(2),
        DeliveredAt = row.IsDBNull(3) ? null : PostgresRows.Time(row, 3),
        DueAt = row.IsDBNull(4) ? null : PostgresRows.Time(row, 4),
        Failure = PostgresRows.Text(row, 5),
    });

    private void Lock(NpgsqlBatch batch) => batch.Add(PostgresSql.TakePlaces).With(options.Tenant).With(0L);

    private NpgsqlBatchCommand OfAlert(NpgsqlBatchCommand command, DueAlert alert) =>
        command.With(options.Tenant).With(alert.Sink).With(alert.Sequence).With(alert.Lease);

    private async Task<bool> MarkAsync(Action<NpgsqlBatch> add, CancellationToken cancellationToken) =>
        (await WriteAsync(add, static row => row.GetInt32(0), cancellationToken).ConfigureAwait(false)).Count == 1;

    private Task<List<T>> WriteAsync<T>(Action<NpgsqlBatch> add, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        TryAsync(
            batch =>
            {
                batch.Add(PostgresSql.Begin);
                batch.Add(PostgresSql.SetUp);
                add(batch);
                batch.Add(PostgresSql.Commit);
            },
            read,
            writes: true,
            cancellationToken);

    private async Task<List<T>> TryAsync<T>(Action<NpgsqlBatch> add, Func<NpgsqlDataReader, T> read, bool writes, CancellationToken cancellationToken)
    {
        try
        {
            return await Retry.WithinAsync(options.Timeout, options.Clock, time => RunAsync(add, read, writes, time), logger, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ObjectDisposedException))
        {
            throw PostgresFaults.Explain(exception, mayHaveTakenEffect: writes);
        }
    }

    /// <summary>Runs a batch in one round trip, and gives the rows of its last question.</summary>
    private async Task<List<T>> RunAsync<T>(Action<NpgsqlBatch> add, Func<NpgsqlDataReader, T> read, bool writes, CancellationToken cancellationToken)
    {
        await opening.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await using var connection = await data.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var batch = new NpgsqlBatch(connection);
        add(batch);
        if (opening.Prepares)
        {
            await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }

        using var notices = new CommitNotices(connection);
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (writes)
        {
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        var found = new List<T>();
        do
        {
            found.Clear();
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                found.Add(read(rows));
            }
        }
        while (await rows.NextResultAsync(cancellationToken).ConfigureAwait(false));

        notices.ThrowIfInDoubt();
        return found;
    }
}
