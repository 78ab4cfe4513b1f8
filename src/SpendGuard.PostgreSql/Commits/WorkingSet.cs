using SpendGuard.Budgets;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>What a batch of commands concerns: as it was loaded, and as the commands change it, one after the other.</summary>
internal sealed class WorkingSet
{
    private readonly Dictionary<AgentId, Agent> _agents = [];
    private readonly Dictionary<AgentId, Budget> _budgets = [];
    private readonly Dictionary<ReservationId, Reservation> _reservations = [];
    private readonly Dictionary<(AgentId Agent, string Key), LedgerEntry> _budgetSets = [];
    private readonly Dictionary<AgentId, Guid> _loadedAgents = [];
    private readonly Dictionary<AgentId, long> _loadedBudgets = [];
    private readonly HashSet<ReservationId> _loadedReservations = [];
    private readonly HashSet<AgentId> _changedAgents = [];
    private readonly Dictionary<AgentId, int> _changedBudgets = [];
    private readonly Dictionary<ReservationId, int> _changedReservations = [];
    private readonly List<LedgerEntry> _entries = [];

    /// <summary>The entries to append, in their order. The first one's place is 1.</summary>
    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public bool HasChanges => _entries.Count + _changedAgents.Count + _changedReservations.Count > 0;

    /// <summary>The last ledger entry that any of the loaded budgets knows of.</summary>
    public long LastKnownEntry => _loadedBudgets.Count == 0 ? 0 : _loadedBudgets.Values.Max();

    public IReadOnlyList<Agent> NewAgents => [.. _changedAgents.Where(id => !_loadedAgents.ContainsKey(id)).Select(id => _agents[id])];

    public IReadOnlyList<Agent> ChangedAgents => [.. _changedAgents.Where(_loadedAgents.ContainsKey).Select(id => _agents[id])];

    /// <summary>Budgets that are new, each with the place of its last entry.</summary>
    public IReadOnlyList<(Budget Budget, int Place)> NewBudgets =>
        [.. _changedBudgets.Where(changed => !_loadedBudgets.ContainsKey(changed.Key)).Select(changed => (_budgets[changed.Key], changed.Value))];

    /// <summary>Budgets that have changed, each with the place of its last entry and the entry that it was loaded with.</summary>
    public IReadOnlyList<(Budget Budget, int Place, long LoadedEntry)> ChangedBudgets =>
        [.. _changedBudgets.Where(changed => _loadedBudgets.ContainsKey(changed.Key))
            .Select(changed => (_budgets[changed.Key], changed.Value, _loadedBudgets[changed.Key]))];

    /// <summary>Reservations that are new, each with the place of the entry that made it.</summary>
    public IReadOnlyList<(Reservation Reservation, int Place)> NewReservations =>
        [.. _changedReservations.Where(changed => !_loadedReservations.Contains(changed.Key))
            .Select(changed => (_reservations[changed.Key], changed.Value))];

    public IReadOnlyList<Reservation> ChangedReservations =>
        [.. _changedReservations.Keys.Where(_loadedReservations.Contains).Select(id => _reservations[id])];

    public void Load(Agent agent, Guid batch) => (_agents[agent.Id], _loadedAgents[agent.Id]) = (agent, batch);

    public void Load(Budget budget, long entry) => (_budgets[budget.Agent], _loadedBudgets[budget.Agent]) = (budget, entry);

    public void Load(Reservation reservation)
    {
        _reservations[reservation.Id] = reservation;
        _loadedReservations.Add(reservation.Id);
    }

    public void Load(LedgerEntry budgetSet) => _budgetSets[(budgetSet.Agent, budgetSet.IdempotencyKey!)] = budgetSet;

    /// <summary>Whether a loaded agent was last changed by a batch.</summary>
    public bool HasAgentOf(Guid batch) => _loadedAgents.ContainsValue(batch);

    /// <summary>Does a command. The sequence of the answer is the place of its entry in <see cref="Entries"/>.</summary>
    public BudgetAnswer Apply(BudgetCommand command)
    {
        switch (command)
        {
            case SetBudget set:
                var earlier = set.IdempotencyKey is { } key ? _budgetSets.GetValueOrDefault((set.Agent, key)) : null;
                return Keep(
                    set.Agent,
                    existing: null,
                    BudgetRules.Apply(set, _agents.GetValueOrDefault(set.Agent), _budgets.GetValueOrDefault(set.Agent), earlier));

            case AgentCommand agent:
                return Keep(
                    agent.Agent,
                    existing: null,
                    BudgetRules.Apply(agent, _agents.GetValueOrDefault(agent.Agent), _budgets.GetValueOrDefault(agent.Agent)));

            case Reserve reserve:
                var existing = _reservations.GetValueOrDefault(reserve.Id);

                // An id that another agent has used is a conflict, but what that agent does with it is none of this one's business.
                var own = existing?.Agent == reserve.Agent ? existing : null;
                return Keep(reserve.Agent, own, BudgetRules.Apply(reserve, _budgets.GetValueOrDefault(reserve.Agent), existing));

            case ReservationCommand end:
                // A reservation without its budget was made between two reads: when its budget was read, it was not there.
                return _reservations.TryGetValue(end.Id, out var reservation) && _budgets.TryGetValue(reservation.Agent, out var budget)
                    ? Keep(reservation.Agent, reservation, BudgetRules.Apply(end, budget, reservation))
                    : new BudgetAnswer(BudgetStatus.NoReservation, Budget: null, Reservation: null, Sequence: 0);

            default:
                throw new ArgumentOutOfRangeException(nameof(command), command, "The command is not known.");
        }
    }

    private BudgetAnswer Keep(AgentId agent, Reservation? existing, Transition transition)
    {
        var place = 0;
        if (transition.Entry is { } entry)
        {
            _entries.Add(entry);
            place = _entries.Count;
            if (entry.IdempotencyKey is { } key)
            {
                _budgetSets[(agent, key)] = entry;
            }
        }

        if (transition.Agent is { } changed)
        {
            _agents[agent] = changed;
            _changedAgents.Add(agent);
        }

        if (transition.Budget is { } budget)
        {
            _budgets[agent] = budget;
            _changedBudgets[agent] = place;
        }

        if (transition.Reservation is { } reservation)
        {
            _reservations[reservation.Id] = reservation;
            _changedReservations.TryAdd(reservation.Id, place);
        }

        return new BudgetAnswer(
            transition.Status, _budgets.GetValueOrDefault(agent), transition.Reservation ?? existing, place)
        {
            Agent = transition.Agent,
        };
    }
}
