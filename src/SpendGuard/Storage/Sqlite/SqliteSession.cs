using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The open file: one connection with its prepared statements. Used by one thread, always inside a transaction.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;
    private readonly List<SqliteStatement> _statements = [];
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _beginImmediate;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _findAgent;
    private readonly SqliteStatement _listAgents;
    private readonly SqliteStatement _saveAgent;
    private readonly SqliteStatement _findBudget;
    private readonly SqliteStatement _saveBudget;
    private readonly SqliteStatement _findReservation;
    private readonly SqliteStatement _findInFlight;
    private readonly SqliteStatement _saveReservation;
    private readonly SqliteStatement _findBudgetSet;
    private readonly SqliteStatement _readLedger;
    private readonly SqliteStatement _readLedgerOfAgent;
    private readonly SqliteStatement _appendEntry;

    private SqliteSession(SqliteConnection connection)
    {
        _connection = connection;
        _database = connection.Handle!;
        _begin = Prepare(SqliteSql.Begin);
        _beginImmediate = Prepare(SqliteSql.BeginImmediate);
        _commit = Prepare(SqliteSql.Commit);
        _findAgent = Prepare(SqliteSql.FindAgent);
        _listAgents = Prepare(SqliteSql.ListAgents);
        _saveAgent = Prepare(SqliteSql.SaveAgent);
        _findBudget = Prepare(SqliteSql.FindBudget);
        _saveBudget = Prepare(SqliteSql.SaveBudget);
        _findReservation = Prepare(SqliteSql.FindReservation);
        _findInFlight = Prepare(SqliteSql.FindInFlight);
        _saveReservation = Prepare(SqliteSql.SaveReservation);
        _findBudgetSet = Prepare(SqliteSql.FindBudgetSet);
        _readLedger = Prepare(SqliteSql.ReadLedger);
        _readLedgerOfAgent = Prepare(SqliteSql.ReadLedgerOfAgent);
        _appendEntry = Prepare(SqliteSql.AppendEntry);
    }

    /// <summary>The version of SQLite.</summary>
    public string Version => _connection.ServerVersion;

    /// <summary>The version of the schema.</summary>
    public long Schema => SqliteMigrations.Version(_database);

    public static SqliteSession Open(SqliteStoreOptions options)
    {
        var connection = SqliteFile.Open(options);
        try
        {
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Begins a transaction: with the lock for writing, or with a view that does not change.</summary>
    public void Begin(bool writes) => (writes ? _beginImmediate : _begin).Execute();

    public void Commit() => _commit.Execute();

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
    public Transition Decide(BudgetCommand command)
    {
        var lookup = command.Lookup;
        var reservation = lookup.Reservation is { } id ? FindReservation(id) : null;
        var owner = lookup.BudgetOf ?? reservation?.Agent;
        var state = new BudgetState
        {
            Agent = lookup.Agent is { } agent ? FindAgent(agent) : null,
            Budget = owner is { } payer ? FindBudget(payer) : null,
            Reservation = reservation,
            Earlier = lookup is { BudgetOf: { } caller, IdempotencyKey: { } key } ? FindBudgetSet(caller, key) : null,
        };
        return lookup.BudgetOf is null && state is { Reservation: not null, Budget: null }
            ? throw SqliteFaults.Damaged()
            : BudgetRules.Decide(command, state);
    }

    /// <summary>Stores what a command has made, and returns its place in the ledger, or 0 when it has none.</summary>
    public long Save(Transition transition)
    {
        if (transition.Agent is { } agent)
        {
            SqliteRows.Bind(_saveAgent, agent);
            _saveAgent.Execute();
        }

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
        return FindOne(_appendEntry, static row => row.Int64(0));
    }

    public Agent? FindAgent(AgentId agent) => FindOne(_findAgent.Bind(1, agent.Value), SqliteRows.ReadAgent);

    public IReadOnlyList<Agent> ListAgents() => FindAll(_listAgents, SqliteRows.ReadAgent);

    public Budget? FindBudget(AgentId agent) => FindOne(_findBudget.Bind(1, agent.Value), SqliteRows.ReadBudget);

    public Reservation? FindReservation(ReservationId id) =>
        FindOne(_findReservation.Bind(1, id.Value), SqliteRows.ReadReservation);

    public IReadOnlyList<Reservation> FindInFlight(DateTimeOffset expireBy, AgentId? agent, int limit) =>
        FindAll(_findInFlight.Bind(1, expireBy).Bind(2, agent?.Value).Bind(3, Math.Max(0, limit)), SqliteRows.ReadReservation);

    public IReadOnlyList<LedgerEntry> ReadLedger(long afterSequence, AgentId? agent, int limit)
    {
        var statement = agent is { } one ? _readLedgerOfAgent.Bind(3, one.Value) : _readLedger;
        return FindAll(statement.Bind(1, afterSequence).Bind(2, Math.Max(0, limit)), SqliteRows.ReadEntry);
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private LedgerEntry? FindBudgetSet(AgentId agent, string key) =>
        FindOne(_findBudgetSet.Bind(1, agent.Value).Bind(2, key), SqliteRows.ReadEntry);

    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_database, sql);
        _statements.Add(statement);
        return statement;
    }

    private static T? FindOne<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        var result = default(T);
        while (statement.Step())
        {
            result = Read(statement, read);
        }

        return result;
    }

    private static List<T> FindAll<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        var results = new List<T>();
        while (statement.Step())
        {
            results.Add(Read(statement, read));
        }

        return results;
    }

    private static T Read<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        try
        {
            return read(statement);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            statement.Reset();
            throw SqliteFaults.Damaged();
        }
    }
}
