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

        _facts.Add(new Budgeted(id, BudgetChange.Set, set.HardLimit.Microcents, set.TopUp.Microcents, set.At));
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
            var before = (Balance(id), ActionOf(id), StandingIn(new Place(id, Total, 0)));
            _facts.Add(new Budgeted(id, BudgetChange.Total, limit.Amount.Microcents, 0, set.At, limit.Action));
            if (before == (Balance(id), ActionOf(id), null))
            {
                _facts.RemoveAt(_facts.Count - 1);
                return Tell(BudgetStatus.Replayed, id);
            }

            return Tell(BudgetStatus.Applied, id);
        }

        var old = LimitsOf(id).Find(known => known.Window.Name == limit.Window.Name);
        var open = LastOf(id, limit.Window.Name) is { } last && !(Until(last.Place) <= set.At) ? last : null;
        if (old is not null && (old.Amount, old.Window.Zone, old.Action) == (limit.Amount, limit.Window.Zone, limit.Action)
            && (open is null || (StandingIn(open.Place) is null && RaisesIn(open.Place, set.At).TrueForAll(raise => Outlasts(raise, limit.Amount.Microcents)))))
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
        if (open is not null && limit.Window is { Period: { } period, Zone: { } zone })
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

            _facts.Add(new Budgeted(id, BudgetChange.None, 0, 0, remove.At, LimitAction.Refuse));
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

    private LimitAction ActionOf(string agent) => _facts.OfType<Budgeted>().LastOrDefault(budgeted => budgeted.Agent == agent && budgeted.Action is not null)?.Action ?? LimitAction.Refuse;
}
