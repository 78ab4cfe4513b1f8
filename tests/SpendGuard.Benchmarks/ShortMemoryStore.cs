using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Benchmarks;

/// <summary>The in-memory store, begun anew every few thousand calls: it keeps everything, and a benchmark makes millions.</summary>
/// <remarks>For one caller at a time.</remarks>
internal sealed class ShortMemoryStore : IBudgetStore
{
    private const int CallsKept = 5_000;

    private InMemoryBudgetStore _store = new();
    private SetBudget? _set;
    private int _calls;

    public async ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        if (command is SetBudget set)
        {
            _set = set;
        }
        else if (command is Reserve && ++_calls % CallsKept == 0)
        {
            _store = new InMemoryBudgetStore();
            await _store.ApplyAsync(_set!, cancellationToken);
        }

        return await _store.ApplyAsync(command, cancellationToken);
    }

    public ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) =>
        _store.FindAgentAsync(agent, cancellationToken);

    public ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(AgentId? after, int limit, CancellationToken cancellationToken) =>
        _store.ListAgentsAsync(after, limit, cancellationToken);

    public ValueTask<IReadOnlyList<NodeState>> FindPathAsync(NodeId node, CancellationToken cancellationToken) =>
        _store.FindPathAsync(node, cancellationToken);

    public ValueTask<IReadOnlyList<NodeState>> ListNodesAsync(NodeId? after, int limit, CancellationToken cancellationToken) =>
        _store.ListNodesAsync(after, limit, cancellationToken);

    public ValueTask<IReadOnlyList<PausedNode>> FindPausedAsync(CancellationToken cancellationToken) => _store.FindPausedAsync(cancellationToken);

    public ValueTask<Approval?> FindApprovalAsync(ApprovalId id, CancellationToken cancellationToken) => _store.FindApprovalAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Approval>> ListApprovalsAsync(ApprovalState? state, Approval? before, int limit, CancellationToken cancellationToken) =>
        _store.ListApprovalsAsync(state, before, limit, cancellationToken);

    public ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken) =>
        _store.FindBudgetAsync(agent, cancellationToken);

    public ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken) =>
        _store.FindReservationAsync(id, cancellationToken);

    public ValueTask<Reservation?> FindNamedReservationAsync(string name, CancellationToken cancellationToken) => new((Reservation?)null);

    public ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
        DateTimeOffset? expiredAt, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        _store.FindInFlightAsync(expiredAt, agent, limit, cancellationToken);

    public ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(
        long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        _store.ReadLedgerAsync(afterSequence, agent, limit, cancellationToken);

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
