using SpendGuard.Alerts;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The questions for alerts to an open file. Used by one thread at a time.</summary>
internal sealed class SqliteAlertQueries(sqlite3 database) : IDisposable
{
    private readonly SqliteStatement _findDue = new(database, SqliteAlertSql.FindDue);
    private readonly SqliteStatement _list = new(database, SqliteAlertSql.List);
    private readonly SqliteStatement _listOfNode = new(database, SqliteAlertSql.ListOfNode);
    private readonly SqliteStatement _findProgress = new(database, SqliteAlertSql.FindProgress);

    /// <summary>What is due for a sink, as it was taken last.</summary>
    public DueAlert? FindDue(string sink, DateTimeOffset now) => _findDue.Bind(1, sink).Bind(2, now).ReadOne(row => new DueAlert
    {
        Sequence = row.Int64(0),
        Sink = sink,
        Attempt = checked((int)row.Int64(1)),
        Lease = row.Int64(2),
        Alert = AlertJson.Read(row.RequiredText(3)),
    });

    /// <summary>A page, newest first.</summary>
    public IReadOnlyList<KeptAlert> List(long? before, NodeId? node, int limit)
    {
        var statement = node is { } one ? _listOfNode.Bind(3, one.Value) : _list;
        var page = statement.Bind(1, before ?? long.MaxValue).Bind(2, Math.Max(0, limit))
            .ReadAll(static row => (Sequence: row.Int64(0), Alert: AlertJson.Read(row.RequiredText(1))));
        return [.. page.Select(kept => new KeptAlert { Sequence = kept.Sequence, Alert = kept.Alert, Progress = ProgressOf(kept.Sequence) })];
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_findDue, _list, _listOfNode, _findProgress])
        {
            statement.Dispose();
        }
    }

    private List<AlertProgress> ProgressOf(long sequence) => _findProgress.Bind(1, sequence).ReadAll(static row => new AlertProgress
    {
        Sink = row.RequiredText(0),
        Attempts = checked((int)row.Int64(1)),
        DeliveredAt = row.IsNull(2) ? null : row.Time(2),
        DueAt = row.IsNull(3) ? null : row.Time(3),
        Failure = row.Text(4),
    });
}
