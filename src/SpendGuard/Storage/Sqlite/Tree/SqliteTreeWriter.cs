using SpendGuard.Budgets;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Stores what a command has made of nodes, limits and accounts.</summary>
internal sealed class SqliteTreeWriter(sqlite3 database) : IDisposable
{
    private readonly SqliteStatement _saveNode = new(database, SqliteTreeSql.SaveNode);
    private readonly SqliteStatement _saveLimit = new(database, SqliteTreeSql.SaveLimit);
    private readonly SqliteStatement _removeLimit = new(database, SqliteTreeSql.RemoveLimit);
    private readonly SqliteStatement _saveAccount = new(database, SqliteTreeSql.SaveAccount);

    public void Save(Transition transition)
    {
        if (transition.Node is { } node)
        {
            SqliteTreeRows.Bind(_saveNode, node);
            _saveNode.Execute();
        }

        if (transition.Limit is { IsRemoved: true } removed)
        {
            _removeLimit.Bind(1, removed.Node.Value).Bind(2, removed.Limit.Window.Name).Execute();
        }
        else if (transition.Limit is { } set)
        {
            SqliteTreeRows.Bind(_saveLimit, set.Node, set.Limit);
            _saveLimit.Execute();
        }

        foreach (var account in transition.Accounts)
        {
            Save(account);
        }
    }

    public void Save(Account account)
    {
        SqliteTreeRows.Bind(_saveAccount, account);
        _saveAccount.Execute();
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_saveNode, _saveLimit, _removeLimit, _saveAccount])
        {
            statement.Dispose();
        }
    }
}
