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
        ($"PRAGMA journal_size_limit = {LogLimit}", "PRAGMA journal_size_limit", LogLimit),
    ];

    /// <summary>To how many bytes the log shrinks when it has been copied into the file: twice what it has at most in peace.</summary>
    private const string LogLimit = "8388608";

    /// <summary>Opens the connection that writes.</summary>
    /// <param name="options">Which file, and how.</param>
    /// <param name="stage">Is told what is being done.</param>
    /// <exception cref="StoreUnavailableException">The file or SQLite is not fit.</exception>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static SqliteConnection Open(SqliteStoreOptions options, Action<string> stage)
    {
        stage("it waits for its turn at the file");
        return Connect(options, options.Mode, connection =>
        {
            var database = connection.Handle!;

            // First look, then touch: a file of another program, or of a newer SpendGuard, stays as it is.
            SqliteMigrations.RequireKnown(database, options.Path);
            SwitchToWal(database, options);
            foreach (var (set, _, _) in Settings)
            {
                SqliteStatement.Run(database, set);
            }

            stage($"it brings its tables to schema {SqliteSchema.LatestVersion}");
            SqliteMigrations.Run(database, options.Path);
            RequireSettings(database, options.Path);
            stage("it copies what a process that was killed has left in the log into the file");
            Checkpoint(database, options);
            stage("it compares what calls in flight hold with their budgets");
            RequireBalanced(database, options.Path);
            options.Opened?.Invoke(connection);
        });
    }

    /// <summary>Opens one more connection to a file that is open already, for questions only.</summary>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static SqliteConnection OpenReader(SqliteStoreOptions options) => Connect(
        options,
        options.Mode == SqliteOpenMode.ReadWriteCreate ? SqliteOpenMode.ReadWrite : options.Mode,
        connection =>
        {
            SqliteStatement.Run(connection.Handle!, "PRAGMA query_only = ON");
            if (options.Mode == SqliteOpenMode.ReadOnly)
            {
                // Nobody has opened it for writing, and so brought it to the tables that questions are asked of.
                SqliteMigrations.RequireReadable(connection.Handle!, options.Path);
            }

            // To copy the log into the file is the writer's, also when it is the first to close.
            LeaveWal(connection);
        });

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

    private static SqliteConnection Connect(SqliteStoreOptions options, SqliteOpenMode mode, Action<SqliteConnection> prepare)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(options.Path),
            Mode = mode,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            RequireSafeVersion(connection.ServerVersion);
            WaitForLocks(connection.Handle!, options.BusyTimeout);
            prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void WaitForLocks(sqlite3 database, TimeSpan time) => SqliteStatement.Run(
        database, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(long)time.TotalMilliseconds}"));

    /// <summary>
    /// Starts with an empty log: a long one, of a process that was killed, would be copied by the first commit, which calls wait for. Whoever
    /// reads or writes the file just now is not waited for; then it is left to a commit that meets nobody.
    /// </summary>
    private static void Checkpoint(sqlite3 database, SqliteStoreOptions options)
    {
        WaitForLocks(database, TimeSpan.Zero);
        SqliteStatement.Run(database, SqliteSql.Checkpoint);
        WaitForLocks(database, options.BusyTimeout);
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
            throw new StoreUnavailableException($"The budget store {path} does not balance: {new UnbalancedBudgetException(agent).Message}");
        }

        using var accounts = new SqliteStatement(database, SqliteTreeSql.FindUnbalanced);
        if (accounts.ReadOne(static row => (Node: row.RequiredText(0), Limit: row.RequiredText(1))) is { Node: not null } account)
        {
            throw new StoreUnavailableException($"The budget store {path} does not balance: {UnbalancedBudgetException.OfLimit(account.Node, account.Limit)}");
        }
    }
}
