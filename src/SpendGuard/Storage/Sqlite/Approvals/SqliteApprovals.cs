using SpendGuard.Budgets;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The questions for requests for approval and identical calls to an open file. Used by one thread at a time.</summary>
internal sealed class SqliteApprovals(sqlite3 database) : IDisposable
{
    private readonly SqliteStatement _find = new(database, SqliteApprovalSql.FindApproval);
    private readonly SqliteStatement _list = new(database, SqliteApprovalSql.ListApprovals);
    private readonly SqliteStatement _listOfState = new(database, SqliteApprovalSql.ListApprovalsOfState);
    private readonly SqliteStatement _findStreak = new(database, SqliteApprovalSql.FindStreak);

    public Approval? Find(ApprovalId id) => _find.Bind(1, id.Value).ReadOne(SqliteApprovalRows.ReadApproval);

    /// <summary>A page, newest first.</summary>
    public IReadOnlyList<Approval> List(ApprovalState? state, Approval? before, int limit)
    {
        var statement = state is { } one ? _listOfState.Bind(4, StoredNames.ToText(one)) : _list;
        return statement
            .Bind(1, before?.AskedAt.UtcTicks ?? long.MaxValue)
            .Bind(2, before?.Id.Value ?? "")
            .Bind(3, Math.Max(0, limit))
            .ReadAll(SqliteApprovalRows.ReadApproval);
    }

    public Streak? Find(StreakKey key) => _findStreak.Bind(1, key.Agent.Value).Bind(2, key.Run.Value).ReadOne(SqliteApprovalRows.ReadStreak);

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_find, _list, _listOfState, _findStreak])
        {
            statement.Dispose();
        }
    }
}
