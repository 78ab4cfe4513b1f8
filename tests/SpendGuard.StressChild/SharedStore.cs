using SpendGuard.PostgreSql;
using SpendGuard.Storage;

namespace SpendGuard.StressChild;

/// <summary>The store that several processes share: a SQLite file by its path, or a database by its connection string.</summary>
internal static class SharedStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<IBudgetStore> OpenAsync(string where) => where.Contains('=', StringComparison.Ordinal)
        ? await PostgresBudgetStore.OpenAsync(new PostgresStoreOptions { ConnectionString = where, Timeout = Patience })
        : await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = where, BusyTimeout = Patience });
}
