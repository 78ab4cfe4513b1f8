using System.Diagnostics.CodeAnalysis;
using SpendGuard.Alerts;
using SpendGuard.Budgets;
using SpendGuard.Keys;

namespace SpendGuard.Storage;

/// <summary>A store that forgets everything with its process: for tests and benchmarks.</summary>
[Experimental(ApiTier.Stores)]
public sealed class InMemoryBudgetStore : IBudgetStore
{
    private readonly Lock _lock = new();
    private readonly NodeTree _tree = new();
    private readonly Dictionary<AgentId, Budget> _budgets = [];
    private readonly Dictionary<ReservationId, Reservation> _reservations = [];
    private readonly Dictionary<string, ReservationId> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<(AgentId, string), LedgerEntry> _budgetSets = [];
    private readonly Dictionary<StreakKey, Streak> _streaks = [];
    private readonly InMemoryApprovals _approvals = new();
    private readonly List<LedgerEntry> _ledger = [];
    private readonly Dictionary<RefusalCount, long> _refusals = [];
    private readonly InMemoryAlerts _alerts = new();

    /// <summary>Makes a store without content.</summary>
    public InMemoryBudgetStore() => Keys = new InMemoryKeys(Find);

    /// <inheritdoc/>
    public IAgentKeyStore Keys { get; }

    /// <inheritdoc/>
    public IAlertOutbox Alerts => _alerts;

    /// <inheritdoc/>
    public ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        BudgetRules.Check(command);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<BudgetAnswer>(Apply(command));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Agent?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) =>
        Read<Agent?>(() => _tree.Find(agent)?.ToAgent(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Agent>> ListAgentsAsync(AgentId? after, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var agents = _tree.Nodes.Select(node => node.ToAgent()).OfType<Agent>().OrderBy(agent => agent.CreatedAt).AsEnumerable();
            agents = after is { } known ? agents.SkipWhile(agent => agent.Id != known).Skip(1) : agents;
            return new ValueTask<IReadOnlyList<Agent>>([.. agents.Where(agent => agent.DeletedAt is null).Take(limit)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NodeState>> FindPathAsync(NodeId node, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<NodeState>>(() => _tree.PathOf(node).Select(WithBudget).ToList(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NodeState>> ListNodesAsync(NodeId? after, int limit, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<NodeState>>(() => [.. _tree.List(after, limit).Select(WithBudget)], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Node>> FindNamedNodesAsync(string name, NodeKind? kind, int limit, CancellationToken cancellationToken) =>
        Read(() => _tree.Find(node => node.Name == name, kind, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Node>> FindNodesFromAsync(string start, NodeKind? kind, int limit, CancellationToken cancellationToken) =>
        Read(() => _tree.Find(node => node.Id.Value.StartsWith(start, StringComparison.Ordinal), kind, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PausedNode>> FindPausedAsync(CancellationToken cancellationToken) =>
        Read<IReadOnlyList<PausedNode>>(() => _tree.Paused, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Budget?> FindBudgetAsync(AgentId agent, CancellationToken cancellationToken) =>
        Read<Budget?>(() => _budgets.GetValueOrDefault(agent), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reservation?> FindReservationAsync(ReservationId id, CancellationToken cancellationToken) =>
        Read<Reservation?>(() => _reservations.GetValueOrDefault(id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Reservation?> FindNamedReservationAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<Reservation?>(Find(name));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
        DateTimeOffset? expiredAt, AgentId? agent, int limit, CancellationToken cancellationToken) => Read<IReadOnlyList<Reservation>>(
        () => [.. _reservations.Values
            .Where(reservation => reservation.End == ReservationEnd.None && !(reservation.ExpiresAt > expiredAt))
            .Where(reservation => agent is null || reservation.Agent == agent)
            .OrderBy(reservation => reservation.ExpiresAt)
            .Take(limit)],
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(
        long afterSequence, AgentId? agent, int limit, CancellationToken cancellationToken) => Read<IReadOnlyList<LedgerEntry>>(
        () => [.. _ledger
            .Skip((int)Math.Min(afterSequence, int.MaxValue))
            .Where(entry => agent is null || entry.Agent == agent)
            .Take(limit)],
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Approval?> FindApprovalAsync(ApprovalId id, CancellationToken cancellationToken) =>
        Read<Approval?>(() => _approvals.Find(id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Approval>> ListApprovalsAsync(
        ApprovalState? state, Approval? before, int limit, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<Approval>>(() => _approvals.List(state, before, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask CountRefusalsAsync(IReadOnlyList<RefusalCount> refusals, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            foreach (var refusal in refusals)
            {
                var kind = refusal with { Count = 0 };
                _refusals[kind] = _refusals.GetValueOrDefault(kind) + refusal.Count;
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RefusalCount>> ReadRefusalsAsync(CancellationToken cancellationToken) =>
        Read<IReadOnlyList<RefusalCount>>(() => [.. _refusals.Select(refusal => refusal.Key with { Count = refusal.Value })], cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask<T> Read<T>(Func<T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<T>(read());
        }
    }

    private Agent? Find(AgentId agent)
    {
        lock (_lock)
        {
            return _tree.Find(agent)?.ToAgent();
        }
    }

    private NodeState WithBudget(NodeState state) => state with { Budget = _budgets.GetValueOrDefault(new AgentId(state.Node.Id.Value)) };

    private Reservation? Find(string name) => _names.TryGetValue(name, out var id) ? _reservations[id] : null;

    private BudgetAnswer Apply(BudgetCommand command)
    {
        var transition = BudgetRules.Decide(command, Find(command.Lookup));
        _tree.Save(transition);
        if (transition.Budget is { } budget)
        {
            _budgets[budget.Agent] = budget;
        }

        if (transition.Reservation is { } reservation)
        {
            _reservations[reservation.Id] = reservation;
            if (reservation.Name is { } name)
            {
                _names[name] = reservation.Id;
            }
        }

        if (transition.Streak is { } streak)
        {
            _streaks[streak.Key] = streak;
        }

        if (transition.Approval is { } approval)
        {
            _approvals.Save(approval);
        }

        var alerts = AlertRules.Of(transition);
        _alerts.Add(alerts);
        return transition.ToAnswer(transition.Entry is { } entry ? Append(entry) : 0) with { HasAlerts = alerts.Count > 0 };
    }

    private long Append(LedgerEntry entry)
    {
        var sequence = _ledger.Count + 1;
        _ledger.Add(entry with { Sequence = sequence });
        if (entry.IdempotencyKey is { } key)
        {
            _budgetSets[(entry.Agent!.Value, key)] = entry;
        }

        return sequence;
    }

    private BudgetState Find(BudgetLookup lookup)
    {
        var reservation = lookup.Reservation is { } id ? _reservations.GetValueOrDefault(id) : null;
        var owner = lookup.BudgetOf ?? reservation?.Agent;
        return new BudgetState
        {
            Tree = _tree.Find(lookup, reservation),
            Budget = owner is { } payer ? _budgets.GetValueOrDefault(payer) : null,
            Reservation = reservation,
            Named = lookup.Name is { } name ? Find(name) : null,
            Streak = lookup.Streak is { } key ? _streaks.GetValueOrDefault(key) : null,
            Approval = lookup.Approval is { } asked ? _approvals.Find(asked) : null,
            Earlier = lookup is { BudgetOf: { } caller, IdempotencyKey: { } once } ? _budgetSets.GetValueOrDefault((caller, once)) : null,
        };
    }
}
