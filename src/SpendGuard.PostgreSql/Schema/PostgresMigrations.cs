using Npgsql;
using SpendGuard.PostgreSql.Rows;

namespace SpendGuard.PostgreSql.Schema;

/// <summary>Brings the tables to the latest version, all missing steps or none. Processes that start together take turns.</summary>
internal static class PostgresMigrations
{
    // "SpGd": one lock for all of a database, whoever migrates it.
    private const string Lock = "SELECT pg_advisory_xact_lock(1399867236)";

    private const string FindVersion =
        """
        SELECT coalesce(max(version), 0) FROM spendguard.migrations
        """;

    private const string HasMigrations =
        """
        SELECT count(*) FROM information_schema.schemata AS s, pg_catalog.pg_tables AS t
        WHERE s.schema_name = 'spendguard' AND t.schemaname = 'spendguard' AND t.tablename = 'migrations'
        """;

    private const string SaveVersion = "INSERT INTO spendguard.migrations (version) VALUES ($1)";

    /// <summary>The version of the tables; 0 when there are none.</summary>
    public static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var has = new NpgsqlCommand(HasMigrations, connection);
        if (await has.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is 0L)
        {
            return 0;
        }

        await using var find = new NpgsqlCommand(FindVersion, connection);
        return (int)(await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>Runs the steps that are missing.</summary>
    /// <returns>The version before.</returns>
    /// <exception cref="StoreUnavailableException">The tables are a newer SpendGuard's.</exception>
    public static async Task<int> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(connection, Lock, cancellationToken).ConfigureAwait(false);

        // Another process may have been faster.
        var before = await VersionAsync(connection, cancellationToken).ConfigureAwait(false);
        RefuseNewer(before);
        if (before == 0)
        {
            await ExecuteAsync(connection, PostgresSchema.Found, cancellationToken).ConfigureAwait(false);
            await ExecuteAsync(connection, PostgresSchema.FoundMigrations, cancellationToken).ConfigureAwait(false);
        }

        for (var version = before; version < PostgresSchema.LatestVersion; version++)
        {
            foreach (var sql in PostgresSchema.Steps[version])
            {
                await ExecuteAsync(connection, sql, cancellationToken).ConfigureAwait(false);
            }

            await using var save = new NpgsqlCommand(SaveVersion, connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = version + 1 } } };
            await save.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return before;
    }

    /// <summary>Refuses tables that are not of the latest version.</summary>
    /// <exception cref="StoreUnavailableException">They are older or newer.</exception>
    public static void RequireLatest(int version)
    {
        RefuseNewer(version);
        if (version < PostgresSchema.LatestVersion)
        {
            throw new StoreUnavailableException(
                (version == 0 ? "The database has no budget tables" : $"The budget tables have schema {version}, and this SpendGuard needs {PostgresSchema.LatestVersion}")
                + ", and AutoMigrate is off. Run `spendguard migrate`.");
        }
    }

    private static void RefuseNewer(int version)
    {
        if (version > PostgresSchema.LatestVersion)
        {
            throw new StoreUnavailableException(
                $"The budget tables have schema {version}, but this SpendGuard knows no newer one than {PostgresSchema.LatestVersion}. Update SpendGuard.");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
