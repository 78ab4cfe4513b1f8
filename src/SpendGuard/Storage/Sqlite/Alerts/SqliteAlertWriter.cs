using SpendGuard.Alerts;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Stores alerts, and how far they are with their sinks.</summary>
internal sealed class SqliteAlertWriter : IDisposable
{
    private readonly List<SqliteStatement> _statements = [];
    private readonly sqlite3 _database;
    private readonly SqliteAlertQueries _queries;
    private readonly SqliteStatement _isKept;
    private readonly SqliteStatement _add;
    private readonly SqliteStatement _addDeliveries;
    private readonly SqliteStatement _isRegistered;
    private readonly SqliteStatement _register;
    private readonly SqliteStatement _addDeliveriesSince;
    private readonly SqliteStatement _forgetDeliveries;
    private readonly SqliteStatement _forgetSinks;
    private readonly SqliteStatement _take;
    private readonly SqliteStatement _markDelivered;
    private readonly SqliteStatement _markFailed;
    private readonly SqliteStatement _countSelected;
    private readonly SqliteStatement _replay;

    public SqliteAlertWriter(sqlite3 database, SqliteAlertQueries queries)
    {
        _database = database;
        _queries = queries;
        _isKept = Prepare(SqliteAlertSql.IsKept);
        _add = Prepare(SqliteAlertSql.Add);
        _addDeliveries = Prepare(SqliteAlertSql.AddDeliveries);
        _isRegistered = Prepare(SqliteAlertSql.IsRegistered);
        _register = Prepare(SqliteAlertSql.Register);
        _addDeliveriesSince = Prepare(SqliteAlertSql.AddDeliveriesSince);
        _forgetDeliveries = Prepare(SqliteAlertSql.ForgetDeliveries);
        _forgetSinks = Prepare(SqliteAlertSql.ForgetSinks);
        _take = Prepare(SqliteAlertSql.Take);
        _markDelivered = Prepare(SqliteAlertSql.MarkDelivered);
        _markFailed = Prepare(SqliteAlertSql.MarkFailed);
        _countSelected = Prepare(SqliteAlertSql.CountSelected);
        _replay = Prepare(SqliteAlertSql.Replay);
    }

    /// <summary>Keeps an alert, due at once for every sink. Of one that is kept already nothing is written, so that its commit costs no sync.</summary>
    public void Raise(Alert alert)
    {
        if (IsTrue(_isKept.Bind(1, alert.Id)))
        {
            return;
        }

        var sequence = _add.Bind(1, alert.Id).Bind(2, alert.At).Bind(3, alert.Node.Value).Bind(4, AlertJson.Write(alert)).ReadOne(static row => row.Int64(0));
        _addDeliveries.Bind(1, sequence).Bind(2, alert.At).Execute();
    }

    public void Register(string sink, DateTimeOffset since, TimeSpan forgetAfter, DateTimeOffset now)
    {
        var isNew = !IsTrue(_isRegistered.Bind(1, sink));
        _register.Bind(1, sink).Bind(2, now).Execute();
        if (isNew)
        {
            _addDeliveriesSince.Bind(1, sink).Bind(2, since).Bind(3, now).Execute();
        }

        var last = now.UtcTicks - forgetAfter.Ticks;
        _forgetDeliveries.Bind(1, sink).Bind(2, last).Execute();
        _forgetSinks.Bind(1, sink).Bind(2, last).Execute();
    }

    public DueAlert? Take(string sink, TimeSpan lease, DateTimeOffset now)
    {
        if (_queries.FindDue(sink, now) is not { } due)
        {
            return null;
        }

        var taken = due with { Attempt = due.Attempt + 1, Lease = due.Lease + 1 };
        _take.Bind(1, sink).Bind(2, taken.Sequence).Bind(3, taken.Attempt).Bind(4, taken.Lease).Bind(5, now + lease).Execute();
        return taken;
    }

    /// <summary>Notes that it was delivered; false when somebody else has taken it since.</summary>
    public bool MarkDelivered(DueAlert alert, DateTimeOffset now) => IsTrue(OfAlert(_markDelivered, alert).Bind(4, now));

    /// <summary>Notes that it was not; false when somebody else has taken it since.</summary>
    public bool MarkFailed(DueAlert alert, string failure, DateTimeOffset? dueAt) =>
        IsTrue(OfAlert(_markFailed, alert).Bind(4, failure).Bind(5, dueAt?.UtcTicks));

    /// <summary>Makes alerts due anew, and gives how many.</summary>
    public int Replay(AlertSelection which, DateTimeOffset now)
    {
        OfSelection(_replay, which).Bind(3, now).Execute();
        return checked((int)OfSelection(_countSelected, which).ReadOne(static row => row.Int64(0)));
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }
    }

    private static bool IsTrue(SqliteStatement statement) => statement.ReadOne(static row => row.Int64(0)) != 0;

    private static SqliteStatement OfAlert(SqliteStatement statement, DueAlert alert) =>
        statement.Bind(1, alert.Sink).Bind(2, alert.Sequence).Bind(3, alert.Lease);

    private static SqliteStatement OfSelection(SqliteStatement statement, AlertSelection which) =>
        statement.Bind(1, which.Id).Bind(2, which.Since ?? DateTimeOffset.MinValue);

    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_database, sql);
        _statements.Add(statement);
        return statement;
    }
}
