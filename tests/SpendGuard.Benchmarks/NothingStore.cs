using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Benchmarks;

/// <summary>Says yes to everything at once and keeps nothing, so that what is measured is all but the store.</summary>
internal sealed class NothingStore : IBudgetStore
{
    private readonly Budget _budget = new() { Agent = Some.Agent, HardLimit = Money.FromDollars(1), Granted = Money.FromDollars(1) };
    private readonly BudgetAnswer _answer;

    public NothingStore()
    {
        var reservation = new Reservation
        {
            Id = ReservationId.New(),
            Agent = Some.Agent,
            Model = Some.CountedModel,
            Floor = Money.FromDollars(0.001m),
            Ceiling = Money.FromDollars(0.01m),
            Held = Money.FromDollars(0.01m),
            CreatedAt = DateTimeOffset.UtcNow,
            ExpiresAt = DateTimeOffset.MaxValue,
        };
        _answer = new BudgetAnswer(BudgetStatus.Applied, _budget, reservation, Sequence: 1);
    }

    public ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken) => new(_answer);

    public ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) => new((Agent?)null);

    public ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(AgentId? after, int limit, CancellationToken cancellationToken) => new([]);

    public ValueTask<IReadOnlyList<NodeState>> FindPathAsync(NodeId node, CancellationToken cancellationToken) => new([]);

    public ValueTask<IReadOnlyList<NodeState>> ListNodesAsync(NodeId? after, int limit, CancellationToken cancellationToken) => new([]);

    public ValueTask<IReadOnlyList<PausedNode>> FindPausedAsync(CancellationToken cancellationToken) => new([]);

    public ValueTask<Approval?> FindApprovalAsync(ApprovalId id, CancellationToken cancellationToken) => new((Approval?)null);

    public ValueTask<IReadOnlyList<Approval>> ListApprovalsAsync(ApprovalState? state, Approval? before, int limit, CancellationToken cancellationToken) => new([]);

    public ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken) => new(_budget);

    public ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken) => new(_answer.Reservation);

    public ValueTask<Reservation?> FindNamedReservationAsync(string name, CancellationToken cancellationToken) => new((Reservation?)null);

    public ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
        DateTimeOffset? expiredAt, AgentId? agent, int limit, CancellationToken cancellationToken) => new([]);

    public ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(
        long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken) => new([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
