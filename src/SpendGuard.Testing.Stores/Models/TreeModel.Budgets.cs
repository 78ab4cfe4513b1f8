using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <content>Limits, and the budgets of agents, which are their totals.</content>
internal sealed partial class TreeModel
{
    private const string Total = "total";

    private TreeOutcome Set(SetBudget set)
    {
        var id = set.Agent.Value;
        if (BirthOf(id) is null)
        {
            _facts.Add(new Born(id, IsGroup: false, Name: null, Under: null, IsEntered: false));
        }
        else if (!Exists(id) || IsGroup(id))
        {
            return Tell(BudgetStatus.NoAgent, id) with { Node = null };
        }

        _facts.Add(new Budgeted(id, BudgetChange.Set, set.HardLimit.Microcents, set.TopUp.Microcents));
        return Tell(BudgetStatus.Applied, id);
    }

    private TreeOutcome Cap(SetLimit set)
    {
        var (id, limit) = (set.Node.Value, set.Limit);
        if (BirthOf(id) is not null && !Exists(id))
        {
            return Tell(BudgetStatus.NoNode, id) with { Node = null };
        }

        if (Exists(id) && !IsGroup(id) && limit.Window.Name == Total)
        {
            var before = (Balance(id), BudgetPauses(id));
            _facts.Add(new Budgeted(id, BudgetChange.Total, limit.Amount.Microcents, 0, limit.Action == LimitAction.Pause));
            if (before == (Balance(id), BudgetPauses(id)))
            {
                _facts.RemoveAt(_facts.Count - 1);
                return Tell(BudgetStatus.Replayed, id);
            }

            return Tell(BudgetStatus.Applied, id);
        }

        var old = LimitsOf(id).Find(known => known.Window.Name == limit.Window.Name);
        if (old is not null && (old.Amount, old.Window.Zone, old.Action) == (limit.Amount, limit.Window.Zone, limit.Action))
        {
            return Tell(BudgetStatus.Replayed, id);
        }

        if (old is null && LimitsOf(id).Count >= MostLimits)
        {
            return Tell(BudgetStatus.TooManyLimits, id);
        }

        if (BirthOf(id) is null)
        {
            _facts.Add(new Born(id, IsGroup: true, Name: null, Under: null, IsEntered: false));
        }

        _facts.Add(new Capped(id, limit));
        if (LastOf(id, limit.Window.Name) is { } open && !(Until(open.Place) <= set.At) && limit.Window is { Period: { } period, Zone: { } zone })
        {
            _facts.Add(new Rezoned(open.Place, _calendar.WindowAt(period, zone, set.At).Until));
        }

        return Tell(BudgetStatus.Applied, id);
    }

    private TreeOutcome Uncap(RemoveLimit remove)
    {
        var id = remove.Node.Value;
        if (!IsGroup(id) && remove.Window == Total)
        {
            if (Balance(id) is not { IsSet: true })
            {
                return Tell(BudgetStatus.NoLimit, id);
            }

            _facts.Add(new Budgeted(id, BudgetChange.None, 0, 0, Pauses: false));
            return Tell(BudgetStatus.Applied, id);
        }

        if (LimitsOf(id).TrueForAll(limit => limit.Window.Name != remove.Window))
        {
            return Tell(BudgetStatus.NoLimit, id);
        }

        _facts.Add(new Uncapped(id, remove.Window));
        return Tell(BudgetStatus.Applied, id);
    }

    /// <summary>The limits in force, in the order of their windows' names.</summary>
    private List<Limit> LimitsOf(string node)
    {
        var limits = new SortedDictionary<string, Limit>(StringComparer.Ordinal);
        foreach (var fact in _facts)
        {
            if (fact is Capped capped && capped.Node == node)
            {
                limits[capped.Limit.Window.Name] = capped.Limit;
            }
            else if (fact is Uncapped uncapped && uncapped.Node == node)
            {
                limits.Remove(uncapped.Window);
            }
        }

        return [.. limits.Values];
    }

    private bool HasBudget(string agent) => _facts.Any(fact => (fact is Budgeted budgeted && budgeted.Agent == agent) || (fact is Hold hold && hold.Agent == agent));

    private bool BudgetPauses(string agent) => _facts.OfType<Budgeted>().LastOrDefault(budgeted => budgeted.Agent == agent && budgeted.Pauses is not null)?.Pauses ?? false;

    /// <summary>An agent's budget, gone through from its first day.</summary>
    private (bool IsSet, long Limit, long Granted, long Owed, long Spent, long Held, int InFlight, bool Closed)? Balance(string agent)
    {
        if (!HasBudget(agent))
        {
            return null;
        }

        // What is granted, and what of that is granted no more but spent or held.
        var (isSet, limit, granted, owed, spent, held) = (false, 0L, 0L, 0L, 0L, 0L);
        var flying = new Dictionary<string, long>(StringComparer.Ordinal);
        var charged = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var fact in _facts)
        {
            switch (fact)
            {
                case Budgeted { Change: BudgetChange.Set } set when set.Agent == agent && !isSet:
                    var first = set.TopUp == 0 || set.TopUp > set.Limit ? set.Limit : set.TopUp;
                    (isSet, limit, granted, owed) = (true, set.Limit, spent + Math.Max(first, held), Math.Max(0, held - first));
                    break;
                case Budgeted { Change: BudgetChange.Set } set when set.Agent == agent:
                    var left = granted - owed - spent;
                    var next = spent + Math.Min(left + set.TopUp, Math.Max(set.Limit, Math.Min(left, held)));
                    (limit, granted) = (set.Limit, Math.Max(next, Math.Min(granted, spent + held)));
                    owed = granted - next;
                    break;
                case Budgeted { Change: BudgetChange.Total } total when total.Agent == agent:
                    (isSet, limit, granted) = (true, total.Limit, Math.Max(total.Limit, Math.Min(isSet ? granted : long.MaxValue, spent + held)));
                    owed = granted - limit;
                    break;
                case Budgeted none when none.Agent == agent:
                    (isSet, limit) = (false, 0);
                    break;
                case Hold hold when hold.Agent == agent:
                    flying[hold.Id] = hold.Amount;
                    break;
                case Ending ending when flying.ContainsKey(ending.Id) || charged.ContainsKey(ending.Id):
                    flying.Remove(ending.Id);
                    charged[ending.Id] = ending.Charge;
                    break;
                default:
                    continue;
            }

            (spent, held) = (charged.Values.Sum(), flying.Values.Sum());
            var back = Math.Min(owed, Math.Max(0, granted - spent - held));
            (granted, owed) = isSet ? (Math.Min(granted - back, spent + Math.Max(limit, held)), owed - back) : (spent + held, 0);
        }

        return (isSet, limit, granted, owed, spent, held, flying.Count, !Exists(agent));
    }
}
