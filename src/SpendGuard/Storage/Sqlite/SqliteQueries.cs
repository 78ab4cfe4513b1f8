using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Keys;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The questions to an open file: one connection with its prepared statements. Used by one thread at a time.</summary>
/// <remarks>Each is a statement that is run to its end at once, so that no view of the file stays open and keeps its log from shrinking.</remarks>
internal sealed class SqliteQueries : IDisposable
{
    private readonly List<SqliteStatement> _statements = [];
    private readonly sqlite3 _database;
    private readonly SqliteStatement _findAgent;
    private readonly SqliteStatement _findAgentPlace;
    private readonly SqliteStatement _listAgentsOfAMoment;
    private readonly SqliteStatement _listLaterAgents;
    private readonly SqliteStatement _findBudget;
    private readonly SqliteStatement _hasEntries;
    private readonly SqliteStatement _findReservation;
    private readonly SqliteStatement _findNamedReservation;
    private readonly SqliteStatement _findInFlight;
    private readonly SqliteStatement _findBudgetSet;
    private readonly SqliteStatement _readLedger;
    private readonly SqliteStatement _readLedgerOfAgent;
    private readonly SqliteStatement _readLedgerBack;
    private readonly SqliteStatement _readLedgerOfAgentBack;
    private readonly SqliteStatement _findKeyByHash;
    private readonly SqliteStatement _findKey;
    private readonly SqliteStatement _listKeys;

    public SqliteQueries(SqliteConnection connection)
    {
        _database = connection.Handle!;
        Tree = new SqliteTree(_database);
        Approvals = new SqliteApprovals(_database);
        Alerts = new SqliteAlertQueries(_database);
        Reports = new SqliteReports(_database);
        _findAgent = Prepare(SqliteSql.FindAgent);
        _findAgentPlace = Prepare(SqliteSql.FindAgentPlace);
        _listAgentsOfAMoment = Prepare(SqliteSql.ListAgentsOfAMoment);
        _listLaterAgents = Prepare(SqliteSql.ListLaterAgents);
        _findBudget = Prepare(SqliteSql.FindBudget);
        _hasEntries = Prepare(SqliteSql.HasEntries);
        _findReservation = Prepare(SqliteSql.FindReservation);
        _findNamedReservation = Prepare(SqliteSql.FindNamedReservation);
        _findInFlight = Prepare(SqliteSql.FindInFlight);
        _findBudgetSet = Prepare(SqliteSql.FindBudgetSet);
        _readLedger = Prepare(SqliteSql.ReadLedger);
        _readLedgerOfAgent = Prepare(SqliteSql.ReadLedgerOfAgent);
        _readLedgerBack = Prepare(SqliteSql.ReadLedgerBack);
        _readLedgerOfAgentBack = Prepare(SqliteSql.ReadLedgerOfAgentBack);
        _findKeyByHash = Prepare(SqliteSql.FindKeyByHash);
        _findKey = Prepare(SqliteSql.FindKey);
        _listKeys = Prepare(SqliteSql.ListKeys);
    }

    /// <summary>The nodes, their limits and the accounts of these.</summary>
    public SqliteTree Tree { get; }

    /// <summary>The requests for approval, and the identical calls.</summary>
    public SqliteApprovals Approvals { get; }

    /// <summary>The alerts.</summary>
    public SqliteAlertQueries Alerts { get; }

    /// <summary>What reports are made of.</summary>
    public SqliteReports Reports { get; }

    public Agent? FindAgent(AgentId agent) => _findAgent.Bind(1, agent.Value).ReadOne(SqliteRows.ReadAgent);

    public IReadOnlyList<Agent> ListAgents(AgentId? after, int limit)
    {
        var place = (CreatedAt: long.MinValue, Number: long.MaxValue);
        if (after is { } known)
        {
            var found = _findAgentPlace.Bind(1, known.Value).ReadAll(static row => (row.Int64(0), row.Int64(1)));
            if (found is not [var one])
            {
                return [];
            }

            place = one;
        }

        var page = _listAgentsOfAMoment.Bind(1, place.CreatedAt).Bind(2, place.Number).Bind(3, Math.Max(0, limit)).ReadAll(SqliteRows.ReadAgent);
        page.AddRange(_listLaterAgents.Bind(1, place.CreatedAt).Bind(2, Math.Max(0, limit) - page.Count).ReadAll(SqliteRows.ReadAgent));
        return page;
    }

    /// <exception cref="UnbalancedBudgetException">The budget is not what its ledger says.</exception>
    public Budget? FindBudget(AgentId agent)
    {
        var balances = true;
        var budget = _findBudget.Bind(1, agent.Value).ReadOne(row =>
            {
                balances = row.Int64(15) != 0;
                return SqliteRows.ReadBudget(row);
            });
        return balances && (budget is not null || _hasEntries.Bind(1, agent.Value).ReadOne(static row => row.Int64(0)) == 0)
            ? budget
            : throw new UnbalancedBudgetException(agent.Value);
    }

    /// <exception cref="UnbalancedBudgetException">The budget is not what its ledger says.</exception>
    public NodeState WithBudget(NodeState state) =>
        state.Node.Kind == NodeKind.Agent ? state with { Budget = FindBudget(new AgentId(state.Node.Id.Value)) } : state;

    public Reservation? FindReservation(ReservationId id) =>
        _findReservation.Bind(1, id.Value).ReadOne(SqliteRows.ReadReservation);

    public Reservation? FindNamedReservation(string name) => _findNamedReservation.Bind(1, name).ReadOne(SqliteRows.ReadReservation);

    public IReadOnlyList<Reservation> FindInFlight(DateTimeOffset? expiredAt, AgentId? agent, int limit) =>
        _findInFlight.Bind(1, expiredAt ?? DateTimeOffset.MaxValue).Bind(2, agent?.Value).Bind(3, Math.Max(0, limit)).ReadAll(SqliteRows.ReadReservation);

    public LedgerEntry? FindBudgetSet(AgentId agent, string key) =>
        _findBudgetSet.Bind(1, agent.Value).Bind(2, key).ReadOne(SqliteRows.ReadEntry);

    public IReadOnlyList<LedgerEntry> ReadLedger(long afterSequence, AgentId? agent, int limit)
    {
        var statement = agent is { } one ? _readLedgerOfAgent.Bind(3, one.Value) : _readLedger;
        return statement.Bind(1, afterSequence).Bind(2, Math.Max(0, limit)).ReadAll(SqliteRows.ReadEntry);
    }

    public IReadOnlyList<LedgerEntry> ReadLedgerBack(long beforeSequence, AgentId? agent, int limit)
    {
        var statement = agent is { } one ? _readLedgerOfAgentBack.Bind(3, one.Value) : _readLedgerBack;
        return statement.Bind(1, beforeSequence).Bind(2, Math.Max(0, limit)).ReadAll(SqliteRows.ReadEntry);
    }

    /// <summary>The key in force that a text is of.</summary>
    public AgentKey? FindKey(ApiKeySecret secret) => _findKeyByHash.Bind(1, SqliteKeys.Text(secret)).ReadOne(row => secret.Matches(Convert.FromHexString(row.RequiredText(5))) ? SqliteRows.ReadKey(row) : null);

    public AgentKey? FindKey(AgentId agent, string id) => _findKey.Bind(1, id).Bind(2, agent.Value).ReadOne(SqliteRows.ReadKey);

    public IReadOnlyList<AgentKey> ListKeys(AgentId agent) => _listKeys.Bind(1, agent.Value).ReadAll(SqliteRows.ReadKey);

    public void Dispose()
    {
        Tree.Dispose();
        Approvals.Dispose();
        Alerts.Dispose();
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }
    }

    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_database, sql);
        _statements.Add(statement);
        return statement;
    }
}
