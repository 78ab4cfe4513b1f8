using SpendGuard.Budgets;

namespace SpendGuard.Storage;

/// <summary>A store that forgets everything with its process: for tests and benchmarks.</summary>
public sealed class InMemoryBudgetStore : IBudgetStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AgentId, Budget> _budgets = [];
    private readonly Dictionary<ReservationId, Reservation> _reservations = [];
    private readonly Dictionary<(AgentId, string), LedgerEntry> _budgetSets = [];
    private readonly List<LedgerEntry> _ledger = [];

    /// <inheritdoc/>
    public ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<BudgetAnswer>(Apply(command));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<Budget?>(_budgets.GetValueOrDefault(agent));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<Reservation?>(_reservations.GetValueOrDefault(id));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
        DateTimeOffset expireBy, AgentId? agent, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<IReadOnlyList<Reservation>>(
                [.. _reservations.Values
                    .Where(reservation => reservation.End == ReservationEnd.None && reservation.ExpiresAt <= expireBy)
                    .Where(reservation => agent is null || reservation.Agent == agent)
                    .OrderBy(reservation => reservation.ExpiresAt)
                    .Take(limit)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(
        long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<IReadOnlyList<LedgerEntry>>(
                [.. _ledger
                    .Skip((int)Math.Min(afterSequence, int.MaxValue))
                    .Where(entry => agent is null || entry.Agent == agent)
                    .Take(limit)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private BudgetAnswer Apply(BudgetCommand command)
    {
        switch (command)
        {
            case SetBudget set:
                var earlier = set.IdempotencyKey is { } key ? _budgetSets.GetValueOrDefault((set.Agent, key)) : null;
                return Commit(set.Agent, existing: null, BudgetRules.Apply(set, _budgets.GetValueOrDefault(set.Agent), earlier));

            case Reserve reserve:
                var existing = _reservations.GetValueOrDefault(reserve.Id);
                return Commit(reserve.Agent, existing, BudgetRules.Apply(reserve, _budgets.GetValueOrDefault(reserve.Agent), existing));

            case ReservationCommand end:
                return _reservations.TryGetValue(end.Id, out var reservation)
                    ? Commit(reservation.Agent, reservation, BudgetRules.Apply(end, _budgets[reservation.Agent], reservation))
                    : new BudgetAnswer(BudgetStatus.NoReservation, Budget: null, Reservation: null, Sequence: 0);

            default:
                throw new ArgumentOutOfRangeException(nameof(command), command, "The command is not known.");
        }
    }

    private BudgetAnswer Commit(AgentId agent, Reservation? existing, Transition transition)
    {
        if (transition.Budget is { } budget)
        {
            _budgets[agent] = budget;
        }

        if (transition.Reservation is { } reservation)
        {
            _reservations[reservation.Id] = reservation;
        }

        var sequence = 0L;
        if (transition.Entry is { } entry)
        {
            sequence = _ledger.Count + 1;
            _ledger.Add(entry with { Sequence = sequence });
            if (entry.IdempotencyKey is { } key)
            {
                _budgetSets[(agent, key)] = entry;
            }
        }

        // An id that another agent has used is a conflict, but what that agent does with it is none of this one's business.
        var own = existing?.Agent == agent ? existing : null;
        return new BudgetAnswer(transition.Status, _budgets.GetValueOrDefault(agent), transition.Reservation ?? own, sequence);
    }
}
