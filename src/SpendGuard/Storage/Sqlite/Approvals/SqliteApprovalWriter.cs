using SpendGuard.Budgets;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Stores what a command has made of requests for approval and of identical calls.</summary>
internal sealed class SqliteApprovalWriter(sqlite3 database) : IDisposable
{
    private readonly SqliteStatement _saveApproval = new(database, SqliteApprovalSql.SaveApproval);
    private readonly SqliteStatement _saveStreak = new(database, SqliteApprovalSql.SaveStreak);

    public void Save(Transition transition)
    {
        if (transition.Approval is { } approval)
        {
            SqliteApprovalRows.Bind(_saveApproval, approval);
            _saveApproval.Execute();
        }

        if (transition.Streak is { } streak)
        {
            SqliteApprovalRows.Bind(_saveStreak, streak);
            _saveStreak.Execute();
        }
    }

    public void Dispose()
    {
        _saveApproval.Dispose();
        _saveStreak.Dispose();
    }
}
