using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Telemetry;

/// <summary>A store in memory that stops committing when it is told to.</summary>
internal sealed class FailingStore : IBudgetStore
{
    private readonly InMemoryBudgetStore _store = new();

    public bool Fails { get; set; }

    public ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken) =>
        Fails ? throw new StoreUnavailableException("The disk is full.") : _store.ApplyAsync(command, cancellationToken);

    public ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) => _store.FindAgentAsync(agent, cancellationToken);

    public ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(CancellationToken cancellationToken) => _store.ListAgentsAsync(cancellationToken);

    public ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken) => _store.FindBudgetAsync(agent, cancellationToken);

    public ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken) =>
        _store.FindReservationAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
        DateTimeOffset expireBy, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        _store.FindInFlightAsync(expireBy, agent, limit, cancellationToken);

    public ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(
        long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        _store.ReadLedgerAsync(afterSequence, agent, limit, cancellationToken);

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
