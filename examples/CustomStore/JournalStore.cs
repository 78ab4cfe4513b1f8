using SpendGuard;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace CustomStore;

/// <summary>A store in a journal: one file, one line for each change, on disk before it is answered. The state is what the lines come to.</summary>
/// <remarks>One process at a time. It keeps everything in memory, and reads all of the file when it is opened.</remarks>
public sealed class JournalStore : IBudgetStore
{
    private readonly Lock _lock = new();
    private readonly Journal _journal;
    private readonly Dictionary<AgentId, Agent> _agents = [];
    private readonly Dictionary<AgentId, Budget> _budgets = [];
    private readonly Dictionary<ReservationId, Reservation> _reservations = [];
    private readonly Dictionary<string, ReservationId> _names = [];
    private readonly Dictionary<(AgentId Agent, string Key), LedgerEntry> _budgetSets = [];
    private readonly List<LedgerEntry> _ledger = [];

    /// <summary>Opens a journal, or begins one.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be opened, or is no journal.</exception>
    public JournalStore(string path)
    {
        _journal = Journal.Open(path, out var lines);
        foreach (var line in lines)
        {
            Keep(line);
        }
    }

    public ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var transition = BudgetRules.Decide(command, Find(command.Lookup));
            var line = new JournalLine(
                transition.Agent, transition.Budget, transition.Reservation, transition.Entry is { } entry ? entry with { Sequence = _ledger.Count + 1 } : null);
            if (!line.IsEmpty)
            {
                _journal.Append(line);
                Keep(line);
            }

            return new(transition.ToAnswer(line.Entry?.Sequence ?? 0));
        }
    }

    public ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) =>
        ReadAsync(() => _agents.GetValueOrDefault(agent), cancellationToken);

    public ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(AgentId? after, int limit, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<Agent>>(
        () =>
        {
            var agents = _agents.Values.OrderBy(agent => agent.CreatedAt).AsEnumerable();
            agents = after is { } known ? agents.SkipWhile(agent => agent.Id != known).Skip(1) : agents;
            return [.. agents.Where(agent => agent.DeletedAt is null).Take(limit)];
        },
        cancellationToken);

    public ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken) =>
        ReadAsync(() => _budgets.GetValueOrDefault(agent), cancellationToken);

    public ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken) =>
        ReadAsync(() => _reservations.GetValueOrDefault(id), cancellationToken);

    public ValueTask<Reservation?> FindNamedReservationAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync(() => Find(name), cancellationToken);

    public ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
        DateTimeOffset? expiredAt, AgentId? agent, int limit, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<Reservation>>(
        () =>
        [
            .. _reservations.Values
                .Where(reservation => reservation.End == ReservationEnd.None && !(reservation.ExpiresAt > expiredAt) && (agent is null || reservation.Agent == agent))
                .OrderBy(reservation => reservation.ExpiresAt)
                .Take(limit),
        ],
        cancellationToken);

    public ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(
        long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<LedgerEntry>>(
        () => [.. _ledger.Where(entry => entry.Sequence > afterSequence && (agent is null || entry.Agent == agent)).Take(limit)], cancellationToken);

    public ValueTask DisposeAsync()
    {
        _journal.Dispose();
        return ValueTask.CompletedTask;
    }

    private ValueTask<T> ReadAsync<T>(Func<T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new(read());
        }
    }

    private Reservation? Find(string name) => _names.TryGetValue(name, out var id) ? _reservations[id] : null;

    private BudgetState Find(BudgetLookup lookup)
    {
        var reservation = lookup.Reservation is { } id ? _reservations.GetValueOrDefault(id) : null;
        var payer = lookup.BudgetOf ?? reservation?.Agent;
        return new()
        {
            Agent = lookup.Agent is { } agent ? _agents.GetValueOrDefault(agent) : null,
            Budget = payer is { } one ? _budgets.GetValueOrDefault(one) : null,
            Reservation = reservation,
            Named = lookup.Name is { } name ? Find(name) : null,
            Earlier = lookup is { BudgetOf: { } of, IdempotencyKey: { } key } ? _budgetSets.GetValueOrDefault((of, key)) : null,
        };
    }

    private void Keep(JournalLine line)
    {
        if (line.Agent is { } agent)
        {
            _agents[agent.Id] = agent;
        }

        if (line.Budget is { } budget)
        {
            _budgets[budget.Agent] = budget;
        }

        if (line.Reservation is { } reservation)
        {
            _reservations[reservation.Id] = reservation;
            if (reservation.Name is { } name)
            {
                _names[name] = reservation.Id;
            }
        }

        if (line.Entry is { } entry)
        {
            _ledger.Add(entry);
            if (entry.IdempotencyKey is { } key)
            {
                _budgetSets[(entry.Agent, key)] = entry;
            }
        }
    }
}
