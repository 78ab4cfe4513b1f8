using System.Globalization;
using SQLitePCL;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Brings a file to the latest version of the schema.</summary>
internal static class SqliteMigrations
{
    /// <summary>Refuses a file that is not SpendGuard's, or is a newer SpendGuard's.</summary>
    /// <exception cref="StoreUnavailableException">It is one of these.</exception>
    public static void RequireKnown(sqlite3 database, string path)
    {
        // One view of the file: another process may be making it, and half of that would look like another program's.
        SqliteStatement.Run(database, SqliteSql.Begin);
        RefuseUnknown(database, path);
        SqliteStatement.Run(database, SqliteSql.Commit);
    }

    /// <summary>Refuses a file that cannot be read as it is.</summary>
    /// <exception cref="StoreUnavailableException">It is not SpendGuard's, or has another schema.</exception>
    public static void RequireReadable(sqlite3 database, string path)
    {
        RequireKnown(database, path);
        if (Version(database) is var version && version < SqliteSchema.LatestVersion)
        {
            throw new StoreUnavailableException(
                $"The budget store {path} has schema {version}, and this SpendGuard reads schema {SqliteSchema.LatestVersion}."
                + " Start a sidecar of this version on it once, which brings it there.");
        }
    }

    /// <summary>Runs the steps that are missing, all of them or none. Processes that start together take turns.</summary>
    public static void Run(sqlite3 database, string path)
    {
        if (Version(database) == SqliteSchema.LatestVersion)
        {
            return;
        }

        SqliteStatement.Run(database, SqliteSql.BeginImmediate);

        // Another process may have been faster.
        RefuseUnknown(database, path);
        for (var version = (int)Version(database); version < SqliteSchema.LatestVersion; version++)
        {
            foreach (var sql in SqliteSchema.Steps[version])
            {
                SqliteStatement.Run(database, sql);
            }
        }

        SqliteStatement.Run(database, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {SqliteSchema.ApplicationId}"));
        SqliteStatement.Run(database, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {SqliteSchema.LatestVersion}"));
        SqliteStatement.Run(database, SqliteSql.Commit);
    }

    /// <summary>Refuses to write to a file whose schema is not the one that it was opened with: what is written would lack what the newer one is for.</summary>
    /// <param name="readVersion">Reads the version, in the transaction that is to write.</param>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="StoreUnavailableException">It is another.</exception>
    public static void RequireLatest(SqliteStatement readVersion, string path)
    {
        var version = readVersion.ReadOne(static row => row.Int64(0));
        if (version != SqliteSchema.LatestVersion)
        {
            throw new StoreUnavailableException(
                $"The budget store {path} was brought to schema {version} while this process had it open with schema {SqliteSchema.LatestVersion}."
                + " Nothing was written. Stop this process, and start it again with the newer SpendGuard.");
        }
    }

    public static long Version(sqlite3 database) => Number(database, SqliteSql.ReadVersion);

    private static void RefuseUnknown(sqlite3 database, string path)
    {
        var version = Version(database);
        var owner = Number(database, "PRAGMA application_id");
        var empty = Number(database, "SELECT count(*) FROM sqlite_schema") == 0;
        if (owner != SqliteSchema.ApplicationId && !(empty && version == 0 && owner == 0))
        {
            throw new StoreUnavailableException($"The file {path} is a database of another program. Give the budget store a file of its own.");
        }

        if (version > SqliteSchema.LatestVersion)
        {
            throw new StoreUnavailableException(
                $"The budget store {path} has schema {version}, but this SpendGuard knows no newer one than {SqliteSchema.LatestVersion}."
                + " Update SpendGuard.");
        }
    }

    private static long Number(sqlite3 database, string sql) =>
        long.Parse(SqliteStatement.Query(database, sql) ?? "0", CultureInfo.InvariantCulture);
}
