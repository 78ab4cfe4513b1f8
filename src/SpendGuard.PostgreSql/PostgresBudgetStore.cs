using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SpendGuard.Alerts;
using SpendGuard.Budgets;
using SpendGuard.Keys;
using SpendGuard.PostgreSql.Alerts;
using SpendGuard.PostgreSql.Commits;
using SpendGuard.PostgreSql.Keys;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.PostgreSql.Schema;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql;

/// <summary>A store in a PostgreSQL database, version 14 or later: for agents on many machines that share their budgets.</summary>
/// <remarks>
/// A commit takes two round trips: one locks the budgets that its commands concern and loads them, one writes them under the condition
/// that they are what was read, with their reservations and ledger entries, and commits. Commands that arrive while commits are under
/// way share the next one. A commit that failed for the moment is tried again with the same ids for as long as
/// <see cref="PostgresStoreOptions.Timeout"/>; one whose answer was lost is looked for before that, so that it takes effect once and
/// is answered as it was decided. When that cannot be found out in time, the caller is told so. What has expired is told by the server's
/// clock, whatever those of the machines say.
/// </remarks>
[Experimental("SPENDGUARD001")]
public sealed partial class PostgresBudgetStore : IBudgetStore
{
    // One batch is loaded while another is written. Measured with 64 callers: three or four only wait for one another's rows.
    private const int Lanes = 2;

    private readonly PostgresStoreOptions _options;
    private readonly ILogger _logger;
    private readonly PostgresConnections _data;
    private readonly StoreOpening _opening;
    private readonly CommitQueue _commits;

    /// <summary>Makes a store that connects when it is first used.</summary>
    /// <param name="options">Which database it is and how to work on it.</param>
    /// <param name="logger">Where failures of the database are reported.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range.</exception>
    public PostgresBudgetStore(PostgresStoreOptions options, ILogger<PostgresBudgetStore>? logger = null)
    {
        _options = PostgresStoreOptions.Check(options);
        _logger = logger ?? NullLogger<PostgresBudgetStore>.Instance;
        _data = PostgresConnections.Of(options);
        _opening = new StoreOpening(options, _data, _logger);
        _commits = new CommitQueue(options, new Committer(options, _data, _opening, _logger), Lanes);
        Keys = new PostgresAgentKeys(new ApiKeyStore(_data, _logger, options.Timeout, options.Clock, _opening), options.Tenant);
        Alerts = new PostgresAlerts(options, _data, _opening, _logger);
    }

    /// <inheritdoc/>
    public IAgentKeyStore Keys { get; }

    /// <inheritdoc/>
    public IAlertOutbox Alerts { get; }

    /// <summary>Makes a store and opens its database now.</summary>
    /// <param name="options">Which database it is and how to work on it.</param>
    /// <param name="logger">Where failures of the database are reported.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StoreUnavailableException">The database cannot be used, and why.</exception>
    public static async Task<PostgresBudgetStore> OpenAsync(
        PostgresStoreOptions options, ILogger<PostgresBudgetStore>? logger = null, CancellationToken cancellationToken = default)
    {
        var store = new PostgresBudgetStore(options, logger);
        try
        {
            await store.TryAsync(_ => Task.FromResult(true), cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Brings the tables to the version that this SpendGuard needs, and changes nothing else. Safe to run at any time.</summary>
    /// <param name="options">Which database it is.</param>
    /// <param name="cancellationToken">Gives up; then nothing has changed.</param>
    /// <returns>The versions of the tables before and after; 0 stands for none.</returns>
    /// <exception cref="StoreUnavailableException">The database cannot be used, and why.</exception>
    public static async Task<(int From, int To)> MigrateAsync(PostgresStoreOptions options, CancellationToken cancellationToken = default)
    {
        var data = PostgresConnections.Of(PostgresStoreOptions.Check(options));
        try
        {
            await using var connection = await data.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await PostgresServer.CheckAsync(connection, cancellationToken).ConfigureAwait(false);
            return (await PostgresMigrations.RunAsync(connection, cancellationToken).ConfigureAwait(false), PostgresSchema.LatestVersion);
        }
        catch (NpgsqlException exception)
        {
            throw PostgresFaults.Explain(exception, mayHaveTakenEffect: false);
        }
        finally
        {
            if (options.Connections is null)
            {
                await data.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);

        // Here already: a text that the server does not take would fail the whole batch.
        BudgetRules.Check(command);
        return _commits.EnqueueAsync(command, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) =>
        (await ReadAsync(PostgresSql.FindAgent, command => command.With(agent.Value), PostgresRows.ReadAgent, cancellationToken)
            .ConfigureAwait(false)).SingleOrDefault();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(AgentId? after, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(
            after is null ? PostgresSql.ListFirstAgents : PostgresSql.ListAgentsAfter,
            command => OfAgent(command.With((long)Math.Max(0, limit)), after),
            PostgresRows.ReadAgent,
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken) =>
        (await ReadAsync(PostgresSql.FindBudget, command => command.With(agent.Value), PostgresRows.ReadBudget, cancellationToken)
            .ConfigureAwait(false)).SingleOrDefault();

    /// <inheritdoc/>
    public async ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken) =>
        (await ReadAsync(PostgresSql.FindReservation, command => command.With(id.Value), PostgresRows.ReadReservation, cancellationToken)
            .ConfigureAwait(false)).SingleOrDefault();

    /// <inheritdoc/>
    public async ValueTask<Reservation?> FindNamedReservationAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (await ReadAsync(PostgresSql.FindNamedReservation, command => command.With(name), PostgresRows.ReadReservation, cancellationToken)
            .ConfigureAwait(false)).SingleOrDefault();
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
        DateTimeOffset? expiredAt, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(
            (expiredAt is null, agent is null) switch
            {
                (true, true) => PostgresSql.FindInFlight,
                (true, false) => PostgresSql.FindInFlightOfAgent,
                (false, true) => PostgresSql.FindExpired,
                (false, false) => PostgresSql.FindExpiredOfAgent,
            },
            command => OfAgent(command.With((long)Math.Max(0, limit)), agent),
            PostgresRows.ReadReservation,
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(
        long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(
            agent is null ? PostgresSql.ReadLedger : PostgresSql.ReadLedgerOfAgent,
            command => OfAgent(command.With(afterSequence).With((long)Math.Max(0, limit)), agent),
            PostgresRows.ReadEntry,
            cancellationToken).ConfigureAwait(false);

    /// <summary>Finishes what is queued, then closes the connections that are the store's own.</summary>
    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync().ConfigureAwait(false);
        _opening.Dispose();
        if (_options.Connections is null)
        {
            await _data.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static NpgsqlBatchCommand OfAgent(NpgsqlBatchCommand command, AgentId? agent) =>
        agent is { } one ? command.With(one.Value) : command;

    private Task<List<T>> ReadAsync<T>(
        string sql, Func<NpgsqlBatchCommand, NpgsqlBatchCommand> parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        TryAsync(
            async time =>
            {
                await using var connection = await _data.OpenConnectionAsync(time).ConfigureAwait(false);
                await using var batch = new NpgsqlBatch(connection);
                parameters(batch.Add(sql).With(_options.Tenant));
                if (_opening.Prepares)
                {
                    await batch.PrepareAsync(time).ConfigureAwait(false);
                }

                var results = new List<T>();
                await using var rows = await batch.ExecuteReaderAsync(time).ConfigureAwait(false);
                while (await rows.ReadAsync(time).ConfigureAwait(false))
                {
                    results.Add(read(rows));
                }

                return results;
            },
            cancellationToken);

    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await Retry.WithinAsync(
                _options.Timeout,
                _options.Clock,
                async time =>
                {
                    await _opening.EnsureAsync(time).ConfigureAwait(false);
                    return await run(time).ConfigureAwait(false);
                },
                _logger,
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ObjectDisposedException))
        {
            throw PostgresFaults.Explain(exception, mayHaveTakenEffect: false);
        }
    }
}
