using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Opens the file, and refuses it unless it is what the store needs.</summary>
internal static class SqliteFile
{
    /// <summary>Each setting that the promise rests on: how it is set, how it is read, and what has to be read.</summary>
    private static readonly (string Set, string Read, string Value)[] Settings =
    [
        ("PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"),
        ("PRAGMA fullfsync = ON", "PRAGMA fullfsync", "1"),
        ("PRAGMA checkpoint_fullfsync = ON", "PRAGMA checkpoint_fullfsync", "1"),
        ("PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"),
    ];

    /// <summary>Opens a connection that nothing else uses.</summary>
    /// <exception cref="StoreUnavailableException">The file or SQLite is not fit.</exception>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static SqliteConnection Open(SqliteStoreOptions options)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(options.Path),
            Mode = options.Mode,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            RequireSafeVersion(connection.ServerVersion);
            var database = connection.Handle!;
            var milliseconds = (long)options.BusyTimeout.TotalMilliseconds;
            SqliteStatement.Run(database, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {milliseconds}"));

            // First look, then touch: a file of another program, or of a newer SpendGuard, stays as it is.
            SqliteMigrations.RequireKnown(database, options.Path);
            SwitchToWal(database, options);
            foreach (var (set, _, _) in Settings)
            {
                SqliteStatement.Run(database, set);
            }

            SqliteMigrations.Run(database, options.Path);
            RequireSettings(database, options.Path);
            RequireBalanced(database, options.Path);
            options.Opened?.Invoke(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Closes without touching the disk again: the WAL is left for the next one to recover.</summary>
    public static void LeaveWal(SqliteConnection connection) =>
        _ = raw.sqlite3_db_config(connection.Handle!, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);

    internal static void RequireSafeVersion(string version)
    {
        if (!SqliteVersion.IsSafe(version))
        {
            throw new StoreUnavailableException(
                $"SQLite {version} can lose what it committed; the budget store needs {SqliteVersion.Wanted}. Update SQLitePCLRaw.");
        }
    }

    private static void SwitchToWal(sqlite3 database, SqliteStoreOptions options)
    {
        // Several processes that make the file at once fight for the lock that the switch needs, and here SQLite does not wait.
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                SqliteStatement.Run(database, "PRAGMA journal_mode = WAL");
                return;
            }
            catch (SqliteException exception)
                when (exception.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED && clock.Elapsed < options.BusyTimeout)
            {
                Thread.Sleep(5);
            }
        }
    }

    private static void RequireSettings(sqlite3 database, string path)
    {
        foreach (var (_, read, value) in Settings.Append((Set: "", Read: "PRAGMA journal_mode", Value: "wal")))
        {
            var actual = SqliteStatement.Query(database, read);
            if (!string.Equals(actual, value, StringComparison.Ordinal))
            {
                throw new StoreUnavailableException(
                    $"The budget store {path} cannot be kept durably: {read} is {actual}, not {value}. Put it on a local disk.");
            }
        }
    }

    private static void RequireBalanced(sqlite3 database, string path)
    {
        if (SqliteStatement.Query(database, SqliteSql.FindUnbalanced) is { } agent)
        {
            throw new StoreUnavailableException(
                $"The budget store {path} does not balance: agent {agent}'s budget is not what its ledger says. The file was damaged or"
                + " edited. Restore it from a backup and reconcile it with what the providers billed.");
        }
    }
}
