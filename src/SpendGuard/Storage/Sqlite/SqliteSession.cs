using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Keys;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The file, open for the one thread that writes. Always inside a transaction.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;
    private readonly SqliteQueries _queries;
    private readonly SqliteClock _clock;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteTreeWriter _treeWriter;
    private readonly SqliteTreeOfBatch _tree;
    private readonly SqliteApprovalWriter _approvals;
    private readonly SqliteStatement _readVersion;
    private readonly string _path;
    private readonly SqliteStatement _saveBudget;
    private readonly SqliteStatement _saveReservation;
    private readonly SqliteStatement _appendEntry;
    private readonly SqliteStatement _addKey;
    private readonly SqliteStatement _revokeKey;
    private bool _hasCommitted;

    private SqliteSession(SqliteConnection connection, SqliteStoreOptions options)
    {
        _connection = connection;
        _database = connection.Handle!;
        _queries = new SqliteQueries(connection);
        _clock = new SqliteClock(connection, options.Clock, options.Boot);
        _begin = new SqliteStatement(_database, SqliteSql.BeginImmediate);
        _commit = new SqliteStatement(_database, SqliteSql.Commit);
        _treeWriter = new SqliteTreeWriter(_database);
        _tree = new SqliteTreeOfBatch(_queries.Tree, _treeWriter);
        _approvals = new SqliteApprovalWriter(_database);
        Alerts = new SqliteAlertWriter(_database, _queries.Alerts);
        _readVersion = new SqliteStatement(_database, SqliteSql.ReadVersion);
        _path = options.Path;
        _saveBudget = new SqliteStatement(_database, SqliteSql.SaveBudget);
        _saveReservation = new SqliteStatement(_database, SqliteSql.SaveReservation);
        _appendEntry = new SqliteStatement(_database, SqliteSql.AppendEntry);
        _addKey = new SqliteStatement(_database, SqliteSql.AddKey);
        _revokeKey = new SqliteStatement(_database, SqliteSql.RevokeKey);
    }

    /// <summary>The alerts.</summary>
    public SqliteAlertWriter Alerts { get; }

    /// <summary>What reports are made of.</summary>
    public SqliteReports Reports => _queries.Reports;

    /// <summary>The version of SQLite.</summary>
    public string Version => _connection.ServerVersion;

    /// <summary>The version of the schema.</summary>
    public long Schema => SqliteMigrations.Version(_database);

    /// <param name="options">Which file, and how.</param>
    /// <param name="stage">Is told what is being done.</param>
    public static SqliteSession Open(SqliteStoreOptions options, Action<string> stage)
    {
        var connection = SqliteFile.Open(options, stage);
        try
        {
            return new SqliteSession(connection, options);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Begins a transaction with the lock for writing.</summary>
    /// <exception cref="StoreUnavailableException">A newer SpendGuard has brought the file to its schema meanwhile.</exception>
    public void Begin()
    {
        _begin.Execute();
        _tree.Forget();
        SqliteMigrations.RequireLatest(_readVersion, _path);
        _clock.Keep(isFirst: !_hasCommitted);
    }

    public void Commit()
    {
        _tree.Write();
        _commit.Execute();
        _hasCommitted = true;
    }

    /// <summary>Undoes the transaction, if SQLite has not done so by itself.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_database) == 0)
        {
            SqliteStatement.Run(_database, SqliteSql.Rollback);
        }
    }

    /// <summary>Closes without touching the disk again.</summary>
    public void Abandon()
    {
        SqliteFile.LeaveWal(_connection);
        Dispose();
    }

    /// <summary>What a command makes of the state that it meets in the file.</summary>
    /// <exception cref="UnbalancedBudgetException">The budget that it concerns is not what its ledger says.</exception>
    public Transition Decide(BudgetCommand command)
    {
        var lookup = command.Lookup;
        var reservation = lookup.Reservation is { } id ? _queries.FindReservation(id) : null;
        var owner = lookup.BudgetOf ?? reservation?.Agent;
        var state = new BudgetState
        {
            Tree = _tree.Find(lookup, reservation),
            Budget = owner is { } payer ? _queries.FindBudget(payer) : null,
            Reservation = reservation,
            Named = lookup.Name is { } name ? _queries.FindNamedReservation(name) : null,
            Streak = lookup.Streak is { } run ? _queries.Approvals.Find(run) : null,
            Approval = lookup.Approval is { } asked ? _queries.Approvals.Find(asked) : null,
            Earlier = lookup is { BudgetOf: { } caller, IdempotencyKey: { } key } ? _queries.FindBudgetSet(caller, key) : null,
        };
        return lookup.BudgetOf is null && state is { Reservation: not null, Budget: null }
            ? throw SqliteFaults.Damaged()
            : BudgetRules.Decide(command, state);
    }

    /// <summary>Stores what a command has made, and returns its place in the ledger, or 0 when it has none.</summary>
    public long Save(Transition transition)
    {
        _tree.Save(transition);
        _approvals.Save(transition);
        if (transition.Budget is { } budget)
        {
            SqliteRows.Bind(_saveBudget, budget);
            _saveBudget.Execute();
        }

        if (transition.Reservation is { } reservation)
        {
            SqliteRows.Bind(_saveReservation, reservation);
            _saveReservation.Execute();
        }

        if (transition.Entry is not { } entry)
        {
            return 0;
        }

        SqliteRows.Bind(_appendEntry, entry);
        var sequence = 0L;
        while (_appendEntry.Step())
        {
            sequence = _appendEntry.Int64(0);
        }

        return sequence;
    }

    /// <summary>Whether there is an agent, and it was not deleted.</summary>
    public bool HasAgent(AgentId agent) => _queries.FindAgent(agent) is { DeletedAt: null };

    public void AddKey(AgentKey key, ApiKeySecret secret) => _addKey
        .Bind(1, key.Id)
        .Bind(2, SqliteKeys.Text(secret))
        .Bind(3, key.Agent.Value)
        .Bind(4, key.Name)
        .Bind(5, key.CreatedAt)
        .Execute();

    /// <summary>Takes a key out of force, and gives what is known of it then; null when the agent has none with the id.</summary>
    public AgentKey? RevokeKey(AgentId agent, string id, DateTimeOffset now)
    {
        _revokeKey.Bind(1, id).Bind(2, agent.Value).Bind(3, now).Execute();
        return _queries.FindKey(agent, id);
    }

    public void Dispose()
    {
        _queries.Dispose();
        _clock.Dispose();
        _treeWriter.Dispose();
        _approvals.Dispose();
        Alerts.Dispose();
        foreach (var statement in (SqliteStatement[])[_begin, _commit, _readVersion, _saveBudget, _saveReservation, _appendEntry, _addKey, _revokeKey])
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
