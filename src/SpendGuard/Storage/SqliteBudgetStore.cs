using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SpendGuard.Alerts;
using SpendGuard.Budgets;
using SpendGuard.Keys;
using SpendGuard.Storage.Sqlite;

namespace SpendGuard.Storage;

/// <summary>A store in one SQLite file: durable before it answers, and safe to be shared by several processes of one machine.</summary>
/// <remarks>
/// One thread writes. It takes whatever is queued, applies it in one <c>BEGIN IMMEDIATE … COMMIT</c> (WAL, <c>synchronous=FULL</c>)
/// and answers after the commit, so that many callers share the price of one write to the disk. Questions have connections of their own
/// and see what was committed when they were asked.
/// A command that throws changes nothing; when the file fails, every command of the batch fails. After an error that leaves the
/// state of the disk unknown (I/O, corruption) the store refuses everything until a new one opens the file.
/// </remarks>
[Experimental(ApiTier.Stores)]
public sealed class SqliteBudgetStore : IBudgetStore
{
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly SqliteAlerts _alerts;
    private readonly bool _isReadOnly;

    /// <summary>Makes a store that opens its file when it is first used.</summary>
    /// <param name="options">Where the file is and how to work on it.</param>
    /// <param name="logger">Where failures of the file are reported.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SqliteBudgetStore(SqliteStoreOptions options, ILogger<SqliteBudgetStore>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(options.Path))
        {
            throw new ArgumentException("The path of the file is empty.", nameof(options));
        }

        if (options.MaxBatch < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxBatch, "MaxBatch is at least 1.");
        }

        if (options.BusyTimeout < TimeSpan.Zero || options.BusyTimeout > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.BusyTimeout, "BusyTimeout lies between nothing and a day.");
        }

        _isReadOnly = options.Mode == SqliteOpenMode.ReadOnly;
        var log = logger ?? NullLogger<SqliteBudgetStore>.Instance;
        var state = new SqliteState(options, log);
        _writer = new SqliteWriter(options, state, log);
        _readers = new SqliteReaders(options, state);
        Keys = new SqliteKeys(_writer, _readers);
        _alerts = new SqliteAlerts(_writer, _readers);
    }

    /// <inheritdoc/>
    public IAgentKeyStore Keys { get; }

    /// <inheritdoc/>
    public IAlertOutbox Alerts => _alerts;

    /// <summary>Makes a store and opens its file now.</summary>
    /// <param name="options">Where the file is and how to work on it.</param>
    /// <param name="logger">Where failures of the file are reported.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StoreUnavailableException">The file cannot be used, and why.</exception>
    public static async Task<SqliteBudgetStore> OpenAsync(
        SqliteStoreOptions options, ILogger<SqliteBudgetStore>? logger = null, CancellationToken cancellationToken = default)
    {
        var store = new SqliteBudgetStore(options, logger);
        try
        {
            await store._writer.EnqueueAsync(new SqliteOpenWork(), cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);

        // Here already: what is malformed cannot be looked up.
        BudgetRules.Check(command);
        return _writer.ApplyAsync(new SqliteCommandWork(command), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) =>
        ReadAsync(file => file.FindAgent(agent), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(AgentId? after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(file => file.ListAgents(after, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NodeState>> FindPathAsync(NodeId node, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<NodeState>>(file => [.. file.Tree.PathOf(node).Select(file.WithBudget)], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NodeState>> ListNodesAsync(NodeId? after, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<NodeState>>(file => [.. file.Tree.List(after, limit).Select(file.WithBudget)], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Node>> FindNamedNodesAsync(string name, NodeKind? kind, int limit, CancellationToken cancellationToken) =>
        ReadAsync(file => file.Tree.FindNamed(name, kind, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Node>> FindNodesFromAsync(string start, NodeKind? kind, int limit, CancellationToken cancellationToken) =>
        ReadAsync(file => file.Tree.FindFrom(start, kind, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PausedNode>> FindPausedAsync(CancellationToken cancellationToken) =>
        ReadAsync(file => file.Tree.FindPaused(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken) =>
        ReadAsync(file => file.FindBudget(agent), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken) =>
        ReadAsync(file => file.FindReservation(id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reservation?> FindNamedReservationAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ReadAsync(file => file.FindNamedReservation(name), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
        DateTimeOffset? expiredAt, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        ReadAsync(file => file.FindInFlight(expiredAt, agent, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(
        long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        ReadAsync(file => file.ReadLedger(afterSequence, agent, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerBackAsync(
        long? beforeSequence, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        ReadAsync(file => file.ReadLedgerBack(beforeSequence ?? long.MaxValue, agent, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Approval?> FindApprovalAsync(ApprovalId id, CancellationToken cancellationToken) =>
        ReadAsync(file => file.Approvals.Find(id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Approval>> ListApprovalsAsync(
        ApprovalState? state, Approval? before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(file => file.Approvals.List(state, before, limit), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ReportRow>> ReportAsync(ReportQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var fold = await ReadAsync(
            file =>
            {
                var report = new ReportFold(query);
                file.Reports.Read(report, query, cancellationToken);
                return report;
            },
            cancellationToken).ConfigureAwait(false);
        return await StoreReports.CloseAsync(this, fold, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CountRefusalsAsync(IReadOnlyList<RefusalCount> refusals, CancellationToken cancellationToken) =>
        await _writer.ApplyAsync(new SqliteRefusalWork(refusals), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RefusalCount>> ReadRefusalsAsync(CancellationToken cancellationToken) =>
        ReadAsync(file => file.Reports.ReadRefusals(), cancellationToken);

    /// <summary>Finishes what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<T> ReadAsync<T>(Func<SqliteQueries, T> read, CancellationToken cancellationToken)
    {
        if (!_isReadOnly)
        {
            await _writer.OpenAsync(cancellationToken).ConfigureAwait(false);
        }

        return await _readers.ReadAsync(read, cancellationToken).ConfigureAwait(false);
    }
}
