using Microsoft.Extensions.Logging;
using Npgsql;
using SpendGuard.PostgreSql.Rows;

namespace SpendGuard.PostgreSql.Schema;

/// <summary>Opens the store once, before its first use: checks the server, the tables and the books.</summary>
internal sealed class StoreOpening(PostgresStoreOptions options, PostgresConnections data, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile bool _open;
    private volatile bool _pooled = data.BehindPooler;

    /// <summary>Whether statements are prepared.</summary>
    public bool Prepares => options.Prepare && !_pooled;

    /// <summary>Whether the server tells those who listen what a commit has to say.</summary>
    public bool Notifies { get; private set; }

    /// <summary>Opens it, unless it is open. What failed is tried anew with the next use.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be used, and why.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (_open)
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_open)
            {
                await OpenAsync(cancellationToken).ConfigureAwait(false);
                _open = true;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var server = await PostgresServer.CheckAsync(connection, cancellationToken).ConfigureAwait(false);
        Notifies = server.Notifies;
        if (server.Pooled)
        {
            _pooled = true;
            Log.Pooled(logger);
        }

        var version = await PostgresMigrations.VersionAsync(connection, cancellationToken).ConfigureAwait(false);
        if (version < PostgresSchema.LatestVersion && options.AutoMigrate)
        {
            var before = await PostgresMigrations.RunAsync(connection, cancellationToken).ConfigureAwait(false);
            version = PostgresSchema.LatestVersion;
            Log.Migrated(logger, before, version);
        }

        PostgresMigrations.RequireLatest(version);
        await using var ledger = new NpgsqlCommand(PostgresSql.OpenLedger, connection) { Parameters = { Tenant() } };
        await ledger.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await AuditAsync(connection, cancellationToken).ConfigureAwait(false);
        Log.Opened(logger, options.Tenant, connection.Database, connection.Host ?? "", version, server.Version);
    }

    /// <summary>Refuses books that do not balance: someone has edited them, or a restored backup is not whole.</summary>
    private async Task AuditAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var whole = new NpgsqlCommand(PostgresSql.IsLedgerWhole, connection) { Parameters = { Tenant() } };
        if (await whole.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
        {
            throw new StoreUnavailableException(
                $"The ledger of tenant '{options.Tenant}' does not end where it should. Restore the database from a backup and reconcile it with what the providers billed.");
        }

        await using var audit = new NpgsqlCommand(PostgresSql.FindUnbalanced, connection) { Parameters = { Tenant() } };
        if (await audit.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is string agent)
        {
            throw new StoreUnavailableException(
                $"The budget of agent '{agent}' does not balance with its ledger. Restore the database from a backup and reconcile it with what the providers billed.");
        }

        await using var accounts = new NpgsqlCommand(TreeSql.FindUnbalanced, connection) { Parameters = { Tenant() } };
        await using var account = await accounts.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (await account.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new StoreUnavailableException(
                $"Limit {account.GetString(1)} of '{account.GetString(0)}' does not hold what the calls in flight hold that were made in it. Restore the database from a backup and reconcile it with what the providers billed.");
        }
    }

    private NpgsqlParameter<string> Tenant() => new() { TypedValue = options.Tenant };
}
