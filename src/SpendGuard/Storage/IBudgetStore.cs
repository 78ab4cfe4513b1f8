using System.Diagnostics.CodeAnalysis;
using SpendGuard.Alerts;
using SpendGuard.Budgets;
using SpendGuard.Keys;

namespace SpendGuard.Storage;

/// <summary>Keeps budgets, reservations and the ledger.</summary>
/// <remarks>
/// A store decides nothing: it looks up what a command concerns (<see cref="BudgetCommand.Lookup"/>), hands it to
/// <see cref="BudgetRules.Decide"/>, and commits what comes of it in one atomic, durable step before it answers. Every store passes the same
/// suite, which the package SpendGuard.Testing.Stores brings. Implementations are thread-safe.
/// </remarks>
[Experimental(ApiTier.Stores)]
public interface IBudgetStore : IAsyncDisposable
{
    /// <summary>Applies a command. When the answer is there, it is durable.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Withdraws a command that has not been taken up; one that has been is finished and answered.</param>
    /// <exception cref="StoreUnavailableException">The store could not commit. Whether the command took effect may be unknown.</exception>
    /// <exception cref="ArgumentException">The command is malformed (<see cref="BudgetRules.Check"/>); nothing changed.</exception>
    /// <exception cref="OverflowException">An amount would be out of range; nothing changed.</exception>
    ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken);

    /// <summary>An agent, deleted ones included, or null when there is none with the id.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken);

    /// <summary>A page of the agents that are not deleted, oldest first.</summary>
    /// <param name="after">The last agent that is known already, which may have been deleted since; null to start. None come after one that never was.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(AgentId? after, int limit, CancellationToken cancellationToken);

    /// <summary>The nodes on the way from a node to the root, that one first, each with its limits; none where there is no such node.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<NodeState>> FindPathAsync(NodeId node, CancellationToken cancellationToken);

    /// <summary>A page of the nodes that are not deleted, in an order of their ids, each with its limits and its budget.</summary>
    /// <param name="after">The last id that is known already; null to start.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<NodeState>> ListNodesAsync(NodeId? after, int limit, CancellationToken cancellationToken);

    /// <summary>The nodes that have a name and are not deleted, in an order of their ids.</summary>
    /// <param name="name">The name, to the letter.</param>
    /// <param name="kind">Only agents, or only groups; null for both.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <remarks>Where a store does not look them up itself, all nodes are read, page by page.</remarks>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<Node>> FindNamedNodesAsync(string name, NodeKind? kind, int limit, CancellationToken cancellationToken) =>
        StorePages.FindNodesAsync(this, node => node.Name == name, kind, limit, cancellationToken);

    /// <summary>The nodes whose id begins with a text and that are not deleted, in an order of their ids.</summary>
    /// <param name="start">The beginning, to the letter.</param>
    /// <param name="kind">Only agents, or only groups; null for both.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <remarks>Where a store does not look them up itself, all nodes are read, page by page.</remarks>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<Node>> FindNodesFromAsync(string start, NodeKind? kind, int limit, CancellationToken cancellationToken) =>
        StorePages.FindNodesAsync(this, node => node.Id.Value.StartsWith(start, StringComparison.Ordinal), kind, limit, cancellationToken);

    /// <summary>The nodes that are paused, and were not deleted. It is asked for often, and costs no more than there are.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<PausedNode>> FindPausedAsync(CancellationToken cancellationToken);

    /// <summary>An agent's budget, or null when it has none.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken);

    /// <summary>A reservation, or null when there is none with the id.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken);

    /// <summary>The reservation that has a name, or null when none has.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<Reservation?> FindNamedReservationAsync(string name, CancellationToken cancellationToken);

    /// <summary>Reservations in flight, all or those that have expired, those that expire first at the front.</summary>
    /// <param name="expiredAt">
    /// The time by the caller's clock: only those that have expired by then. A store with a clock of its own (<see cref="BudgetState.Now"/>)
    /// goes by that in its place. Null for all that are in flight.
    /// </param>
    /// <param name="agent">Only this agent's; null for all.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
        DateTimeOffset? expiredAt, AgentId? agent, int limit, CancellationToken cancellationToken);

    /// <summary>A page of the ledger, in the order of commit.</summary>
    /// <param name="afterSequence">The last entry that is known already; 0 to start.</param>
    /// <param name="agent">Only this agent's; null for all.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(
        long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken);

    /// <summary>A page of the ledger, the entry that was committed last at the front.</summary>
    /// <param name="beforeSequence">The first entry that is known already; null for the newest.</param>
    /// <param name="agent">Only this agent's; null for all.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <remarks>A store that has no faster way reads all of it.</remarks>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerBackAsync(long? beforeSequence, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        StorePages.LastOfLedgerAsync(this, beforeSequence, agent, limit, cancellationToken);

    /// <summary>A request for approval, or null when there is none with the id.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<Approval?> FindApprovalAsync(ApprovalId id, CancellationToken cancellationToken);

    /// <summary>A page of the requests for approval, newest first, and of those of one moment in a descending order of their ids.</summary>
    /// <param name="state">Only those that are so far; null for all.</param>
    /// <param name="before">The last one that is known already; null to start.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<Approval>> ListApprovalsAsync(ApprovalState? state, Approval? before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Sums the ledger. A store that has no faster way reads it page by page; one that has feeds the same rule, and passes the same checks.
    /// </summary>
    /// <param name="query">What has a row of its own, which is never groups, and which entries are meant.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The rows, in any order, without names.</returns>
    /// <exception cref="OverflowException">A sum is out of range.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<ReportRow>> ReportAsync(ReportQuery query, CancellationToken cancellationToken) =>
        StoreReports.FoldAsync(this, query, cancellationToken);

    /// <summary>
    /// Adds to how often calls were refused. It is for reports alone: a store that does not count refusals does nothing. What failed half-way may
    /// be counted twice.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    ValueTask CountRefusalsAsync(IReadOnlyList<RefusalCount> refusals, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>How often calls were refused, each kind once a day, in any order; none from a store that does not count them.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<RefusalCount>> ReadRefusalsAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<RefusalCount>>([]);

    /// <summary>Tells of pauses, their ends and approvals from now on, by whatever process they were made.</summary>
    /// <param name="changed">Is called after such a change, and now and then without one. It returns at once, and does not throw.</param>
    /// <returns>What ends it; null when the store cannot tell.</returns>
    IStoreNotices? Watch(Action changed) => null;

    /// <summary>
    /// Where the alerts are kept that commands raise (<see cref="AlertRules.Of"/>), in the transaction that raises them; null when the store
    /// keeps none, and none is delivered.
    /// </summary>
    IAlertOutbox? Alerts => null;

    /// <summary>The keys of its agents; null when the store keeps none.</summary>
    IAgentKeyStore? Keys => null;
}
