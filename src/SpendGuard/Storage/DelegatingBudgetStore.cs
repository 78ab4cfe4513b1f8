using System.Diagnostics.CodeAnalysis;
using SpendGuard.Alerts;
using SpendGuard.Budgets;
using SpendGuard.Keys;

namespace SpendGuard.Storage;

/// <summary>A store that hands everything on to another one. Derive from it to change some of it, such as to measure or to fail.</summary>
/// <param name="inner">The store that does the work. It is disposed with this one.</param>
[Experimental(ApiTier.Stores)]
public abstract class DelegatingBudgetStore(IBudgetStore inner) : IBudgetStore
{
    /// <inheritdoc/>
    public virtual IAgentKeyStore? Keys => Inner.Keys;

    /// <inheritdoc/>
    public virtual IAlertOutbox? Alerts => Inner.Alerts;

    /// <summary>The store that does the work.</summary>
    protected IBudgetStore Inner { get; } = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public virtual ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken) =>
        Inner.ApplyAsync(command, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) =>
        Inner.FindAgentAsync(agent, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(AgentId? after, int limit, CancellationToken cancellationToken) =>
        Inner.ListAgentsAsync(after, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<NodeState>> FindPathAsync(NodeId node, CancellationToken cancellationToken) =>
        Inner.FindPathAsync(node, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<NodeState>> ListNodesAsync(NodeId? after, int limit, CancellationToken cancellationToken) =>
        Inner.ListNodesAsync(after, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<Node>> FindNamedNodesAsync(string name, NodeKind? kind, int limit, CancellationToken cancellationToken) =>
        Inner.FindNamedNodesAsync(name, kind, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<Node>> FindNodesFromAsync(string start, NodeKind? kind, int limit, CancellationToken cancellationToken) =>
        Inner.FindNodesFromAsync(start, kind, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<PausedNode>> FindPausedAsync(CancellationToken cancellationToken) => Inner.FindPausedAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken) =>
        Inner.FindBudgetAsync(agent, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken) =>
        Inner.FindReservationAsync(id, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<Reservation?> FindNamedReservationAsync(string name, CancellationToken cancellationToken) =>
        Inner.FindNamedReservationAsync(name, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
        DateTimeOffset? expiredAt, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        Inner.FindInFlightAsync(expiredAt, agent, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(
        long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        Inner.ReadLedgerAsync(afterSequence, agent, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerBackAsync(
        long? beforeSequence, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        Inner.ReadLedgerBackAsync(beforeSequence, agent, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<Approval?> FindApprovalAsync(ApprovalId id, CancellationToken cancellationToken) =>
        Inner.FindApprovalAsync(id, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<Approval>> ListApprovalsAsync(
        ApprovalState? state, Approval? before, int limit, CancellationToken cancellationToken) =>
        Inner.ListApprovalsAsync(state, before, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<ReportRow>> ReportAsync(ReportQuery query, CancellationToken cancellationToken) =>
        Inner.ReportAsync(query, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask CountRefusalsAsync(IReadOnlyList<RefusalCount> refusals, CancellationToken cancellationToken) =>
        Inner.CountRefusalsAsync(refusals, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<RefusalCount>> ReadRefusalsAsync(CancellationToken cancellationToken) =>
        Inner.ReadRefusalsAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual IStoreNotices? Watch(Action changed) => Inner.Watch(changed);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Inner.DisposeAsync();
    }
}
