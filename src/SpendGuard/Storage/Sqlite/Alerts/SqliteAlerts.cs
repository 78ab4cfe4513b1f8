using SpendGuard.Alerts;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The alerts, in the file that has the ledger.</summary>
internal sealed class SqliteAlerts(SqliteWriter writer, SqliteReaders readers) : IAlertOutbox
{
    /// <summary>Keeps an alert, as the commit of a command does it.</summary>
    public async ValueTask RaiseAsync(Alert alert, CancellationToken cancellationToken) => await WriteAsync(
        file =>
        {
            file.Raise(alert);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    public async ValueTask RegisterAsync(string sink, DateTimeOffset since, TimeSpan forgetAfter, DateTimeOffset now, CancellationToken cancellationToken) =>
        await WriteAsync(
            file =>
            {
                file.Register(sink, since, forgetAfter, now);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<DueAlert?> TakeAsync(string sink, TimeSpan lease, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Whoever asks every second and finds nothing does not queue up before those who hold money.
        var due = await ReadAsync(file => file.FindDue(sink, now), cancellationToken).ConfigureAwait(false);
        return due is null ? null : await WriteAsync(file => file.Take(sink, lease, now), cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<bool> MarkDeliveredAsync(DueAlert alert, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(file => file.MarkDelivered(alert, now), cancellationToken);

    public ValueTask<bool> MarkFailedAsync(DueAlert alert, string failure, TimeSpan? retryIn, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(file => file.MarkFailed(alert, failure, now + retryIn), cancellationToken);

    public ValueTask<IReadOnlyList<KeptAlert>> ListAsync(long? before, NodeId? node, int limit, CancellationToken cancellationToken) =>
        ReadAsync(file => file.List(before, node, limit), cancellationToken);

    public ValueTask<int> ReplayAsync(AlertSelection which, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(file => file.Replay(which, now), cancellationToken);

    private ValueTask<T> WriteAsync<T>(Func<SqliteAlertWriter, T> write, CancellationToken cancellationToken) =>
        writer.ApplyAsync(new Work<T>(write), cancellationToken);

    private async ValueTask<T> ReadAsync<T>(Func<SqliteAlertQueries, T> read, CancellationToken cancellationToken)
    {
        await writer.OpenAsync(cancellationToken).ConfigureAwait(false);
        return await readers.ReadAsync(file => read(file.Alerts), cancellationToken).ConfigureAwait(false);
    }

    private sealed class Work<T>(Func<SqliteAlertWriter, T> write) : SqliteWork<T>
    {
        public override bool Writes => true;

        public override void Decide(SqliteSession session)
        {
        }

        public override void Write(SqliteSession session) => Answer = write(session.Alerts);
    }
}
