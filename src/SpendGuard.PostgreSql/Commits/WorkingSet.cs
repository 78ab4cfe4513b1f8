using SpendGuard.Alerts;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Alerts;
using SpendGuard.PostgreSql.Approvals;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>What a batch of commands concerns: as it was loaded, and as the commands change it, one after the other.</summary>
/// <param name="memory">Which alerts are known to be kept.</param>
internal sealed class WorkingSet(AlertMemory memory)
{
    private readonly Dictionary<AgentId, Budget> _budgets = [];
    private readonly Dictionary<ReservationId, Reservation> _reservations = [];
    private readonly Dictionary<string, Reservation> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<(AgentId Agent, string Key), LedgerEntry> _budgetSets = [];
    private readonly Dictionary<AgentId, long> _loadedBudgets = [];
    private readonly HashSet<ReservationId> _loadedReservations = [];
    private readonly Dictionary<AgentId, int> _changedBudgets = [];
    private readonly Dictionary<ReservationId, int> _changedReservations = [];
    private readonly List<LedgerEntry> _entries = [];
    private readonly Dictionary<string, Alert> _alerts = new(StringComparer.Ordinal);

    /// <summary>The nodes, limits and accounts.</summary>
    public TreeChanges Tree { get; } = new();

    /// <summary>The requests for approval, and the identical calls.</summary>
    public ApprovalChanges Approvals { get; } = new();

    /// <summary>The alerts that are not known to be kept, each once.</summary>
    public IReadOnlyList<Alert> Alerts => [.. _alerts.Values];

    /// <summary>The time by the server's clock when it was loaded.</summary>
    public DateTimeOffset? Now { get; set; }

    /// <summary>The entries to append, in their order. The first one's place is 1.</summary>
    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public bool HasChanges => _entries.Count + _changedReservations.Count + _alerts.Count > 0 || Tree.HasChanges || Approvals.HasChanges;

    /// <summary>The last ledger entry that any of the loaded budgets knows of.</summary>
    public long LastKnownEntry => _loadedBudgets.Count == 0 ? 0 : _loadedBudgets.Values.Max();

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

    public void Load(Budget budget, long entry) => (_budgets[budget.Agent], _loadedBudgets[budget.Agent]) = (budget, entry);

    public bool HasBudgetOf(AgentId agent) => _budgets.ContainsKey(agent);

    public void Load(Reservation reservation)
    {
        _reservations[reservation.Id] = reservation;
        _loadedReservations.Add(reservation.Id);
    }

    /// <summary>What has a name already, and may be another's: only that it has it is of interest.</summary>
    public void LoadNamed(Reservation reservation) => _named[reservation.Name!] = reservation;

    public void Load(LedgerEntry budgetSet) => _budgetSets[(budgetSet.Agent!.Value, budgetSet.IdempotencyKey!)] = budgetSet;

    /// <summary>Does a command. The sequence of the answer is the place of its entry in <see cref="Entries"/>.</summary>
    public BudgetAnswer Apply(BudgetCommand command)
    {
        var transition = BudgetRules.Decide(command, Find(command.Lookup));
        var alerts = AlertRules.Of(transition);
        var place = 0;
        if (transition.Entry is { } entry)
        {
            _entries.Add(entry);
            place = _entries.Count;
            if (entry.IdempotencyKey is { } key)
            {
                _budgetSets[(entry.Agent!.Value, key)] = entry;
            }
        }

        Tree.Save(transition, place);
        Approvals.Save(transition);
        foreach (var alert in alerts.Where(alert => !memory.Has(alert)))
        {
            _alerts.TryAdd(alert.Id, alert);
        }

        if (transition.Budget is { } budget)
        {
            _budgets[budget.Agent] = budget;
            _changedBudgets[budget.Agent] = place;
        }

        if (transition.Reservation is { } reservation)
        {
            _reservations[reservation.Id] = reservation;
            _changedReservations.TryAdd(reservation.Id, place);
            if (reservation.Name is { } name)
            {
                _named[name] = reservation;
            }
        }

        return transition.ToAnswer(place) with { HasAlerts = alerts.Count > 0 };
    }

    private BudgetState Find(BudgetLookup lookup)
    {
        var reservation = lookup.Reservation is { } id ? _reservations.GetValueOrDefault(id) : null;
        var owner = lookup.BudgetOf ?? reservation?.Agent;
        var budget = owner is { } payer ? _budgets.GetValueOrDefault(payer) : null;
        return new BudgetState
        {
            Tree = Tree.Nodes.Find(lookup, lookup.BudgetOf is null && budget is null ? null : reservation),
            Budget = budget,

            // A reservation without its budget was made between two reads: when its budget was read, it was not there.
            Reservation = lookup.BudgetOf is null && budget is null ? null : reservation,
            Named = lookup.Name is { } name ? _named.GetValueOrDefault(name) : null,
            Earlier = lookup is { BudgetOf: { } caller, IdempotencyKey: { } key } ? _budgetSets.GetValueOrDefault((caller, key)) : null,
            Streak = Approvals.Find(lookup.Streak),
            Approval = Approvals.Find(lookup.Approval),
            Now = Now,
        };
    }
}
