using SpendGuard;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace CustomStore;

/// <summary>A store in a journal: one file, one line for each change, on disk before it is answered. The state is what the lines come to.</summary>
/// <remarks>One process at a time. It keeps everything in memory, and reads all of the file when it is opened. It raises no alerts.</remarks>
public sealed class JournalStore : IBudgetStore
{
    private readonly Lock _lock = new();
    private readonly Journal _journal;
    private readonly NodeTree _tree = new();
    private readonly Dictionary<AgentId, Budget> _budgets = [];
    private readonly Dictionary<ReservationId, Reservation> _reservations = [];
    private readonly Dictionary<string, ReservationId> _names = [];
    private readonly Dictionary<(AgentId Agent, string Key), LedgerEntry> _budgetSets = [];
    private readonly Dictionary<StreakKey, Streak> _streaks = [];
    private readonly Dictionary<ApprovalId, Approval> _approvals = [];
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
            BudgetRules.Check(command);
            var transition = BudgetRules.Decide(command, Find(command.Lookup));
            var line = new JournalLine(
                transition.Node, transition.Limit, transition.Accounts, transition.Budget, transition.Reservation, transition.Streak, transition.Approval,
                transition.Entry is { } entry ? entry with { Sequence = _ledger.Count + 1 } : null);
            if (!line.IsEmpty)
            {
                _journal.Append(line);
                Keep(line);
            }

            return new(transition.ToAnswer(line.Entry?.Sequence ?? 0));
        }
    }

    public ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) =>
        ReadAsync(() => _tree.Find((NodeId)agent)?.ToAgent(), cancellationToken);

    public ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(AgentId? after, int limit, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<Agent>>(
        () =>
        {
            var agents = _tree.Nodes.Select(node => node.ToAgent()).OfType<Agent>().OrderBy(agent => agent.CreatedAt).AsEnumerable();
            agents = after is { } known ? agents.SkipWhile(agent => agent.Id != known).Skip(1) : agents;
            return [.. agents.Where(agent => agent.DeletedAt is null).Take(limit)];
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<NodeState>> FindPathAsync(NodeId node, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<NodeState>>(() => [.. _tree.PathOf(node).Select(WithBudget)], cancellationToken);

    public ValueTask<IReadOnlyList<NodeState>> ListNodesAsync(NodeId? after, int limit, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<NodeState>>(
        () => [.. _tree.List(after, limit).Select(WithBudget)], cancellationToken);

    public ValueTask<IReadOnlyList<PausedNode>> FindPausedAsync(CancellationToken cancellationToken) => ReadAsync(() => _tree.Paused, cancellationToken);

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

    public ValueTask<Approval?> FindApprovalAsync(ApprovalId id, CancellationToken cancellationToken) =>
        ReadAsync(() => _approvals.GetValueOrDefault(id), cancellationToken);

    public ValueTask<IReadOnlyList<Approval>> ListApprovalsAsync(
        ApprovalState? state, Approval? before, int limit, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<Approval>>(
        () =>
        {
            var approvals = _approvals.Values.OrderByDescending(approval => approval.AskedAt).ThenByDescending(approval => approval.Id.Value, StringComparer.Ordinal).AsEnumerable();
            approvals = before is { } known ? approvals.SkipWhile(approval => approval.Id != known.Id).Skip(1) : approvals;
            return [.. approvals.Where(approval => state is null || approval.State == state).Take(limit)];
        },
        cancellationToken);

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

    private NodeState WithBudget(NodeState state) => state with { Budget = _budgets.GetValueOrDefault(new AgentId(state.Node.Id.Value)) };

    private Reservation? Find(string name) => _names.TryGetValue(name, out var id) ? _reservations[id] : null;

    private BudgetState Find(BudgetLookup lookup)
    {
        var reservation = lookup.Reservation is { } id ? _reservations.GetValueOrDefault(id) : null;
        var payer = lookup.BudgetOf ?? reservation?.Agent;
        return new()
        {
            Tree = _tree.Find(lookup, reservation),
            Budget = payer is { } one ? _budgets.GetValueOrDefault(one) : null,
            Reservation = reservation,
            Named = lookup.Name is { } name ? Find(name) : null,
            Streak = lookup.Streak is { } run ? _streaks.GetValueOrDefault(run) : null,
            Approval = lookup.Approval is { } asked ? _approvals.GetValueOrDefault(asked) : null,
            Earlier = lookup is { BudgetOf: { } of, IdempotencyKey: { } key } ? _budgetSets.GetValueOrDefault((of, key)) : null,
        };
    }

    private void Keep(JournalLine line)
    {
        if (line.Node is { } node)
        {
            _tree.Load(node);
        }

        if (line.Limit is { } change)
        {
            _tree.Load(change);
        }

        foreach (var account in line.Accounts)
        {
            _tree.Load(account);
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

        if (line.Streak is { } streak)
        {
            _streaks[streak.Key] = streak;
        }

        if (line.Approval is { } approval)
        {
            _approvals[approval.Id] = approval;
        }

        if (line.Entry is { } entry)
        {
            _ledger.Add(entry);
            if (entry.IdempotencyKey is { } key)
            {
                _budgetSets[(entry.Agent!.Value, key)] = entry;
            }
        }
    }
}
