using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SpendGuard.Storage.Sqlite;

/// <summary>The choice of a SQLite file as the store.</summary>
internal sealed class SqliteChoice(SqliteStoreOptions store)
{
    private readonly SqliteStoreOptions _store = store;

    public IBudgetStore Open(IServiceProvider services) => new SqliteBudgetStore(_store, services.GetService<ILogger<SqliteBudgetStore>>());

    /// <summary>Whether two stores are chosen that are not known to be the same.</summary>
    public static bool Differ(Func<IServiceProvider, IBudgetStore> one, Func<IServiceProvider, IBudgetStore> other) =>
        one != other
        && !(one.Target is SqliteChoice first && other.Target is SqliteChoice second && Path.GetFullPath(first._store.Path) == Path.GetFullPath(second._store.Path));
}
