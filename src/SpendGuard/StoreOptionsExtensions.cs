using SpendGuard.Storage;
using SpendGuard.Storage.Sqlite;

namespace SpendGuard;

/// <summary>Chooses where budgets are kept.</summary>
public static class StoreOptionsExtensions
{
    /// <summary>Keeps budgets in one SQLite file, which the processes of one machine may share.</summary>
    /// <param name="options">The options.</param>
    /// <param name="path">The path of the file; it is made when it does not exist.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">The path is empty, a connection string, or <c>:memory:</c>: a file of that name would be made.</exception>
    public static SpendGuardOptions UseSqlite(this SpendGuardOptions options, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (path == ":memory:" || path.Replace(" ", "", StringComparison.Ordinal).StartsWith("DataSource=", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("It takes the path of a file, such as spendguard.db. For tests without one: UseInMemoryStore.", nameof(path));
        }

        return options.UseSqlite(new SqliteStoreOptions { Path = path });
    }

    /// <summary>Keeps budgets in one SQLite file, which the processes of one machine may share.</summary>
    /// <param name="options">The options.</param>
    /// <param name="store">Where the file is and how to work on it.</param>
    /// <returns>The options.</returns>
    public static SpendGuardOptions UseSqlite(this SpendGuardOptions options, SqliteStoreOptions store)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        options.Store = new SqliteChoice(store).Open;
        return options;
    }

    /// <summary>Keeps budgets in memory: they are gone with the process. For tests.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The options.</returns>
    public static SpendGuardOptions UseInMemoryStore(this SpendGuardOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Store = static _ => new InMemoryBudgetStore();
        return options;
    }
}
