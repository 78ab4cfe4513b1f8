using Microsoft.Data.Sqlite;
using SpendGuard.Storage;

namespace SpendGuard.Extensions.AI.Tests.Faults;

/// <summary>A store's file in a folder of a test's own, gone when the test is over.</summary>
internal sealed class BudgetFile : IDisposable
{
    /// <summary>Enough for any number of processes on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spendguard-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "budget.db");

    /// <summary>A store on the file, as a process of its own would have it.</summary>
    public Task<SqliteBudgetStore> OpenAsync(TimeSpan? busyTimeout = null, Action<SqliteConnection>? opened = null) =>
        SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = Path, BusyTimeout = busyTimeout ?? Patience, Opened = opened });

    /// <summary>Another program's connection.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
