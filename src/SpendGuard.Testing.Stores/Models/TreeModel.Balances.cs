using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <content>An agent's budget, gone through from its first day.</content>
internal sealed partial class TreeModel
{
    private (bool IsSet, long Limit, long Granted, long Raised, long Owed, long Spent, long Held, int InFlight, bool Closed)? Balance(string agent)
    {
        if (!HasBudget(agent))
        {
            return null;
        }

        // What is granted, and what of that is granted no more but spent or held.
        var (isSet, limit, granted, owed, spent, held) = (false, 0L, 0L, 0L, 0L, 0L);
        var raises = new List<(long Amount, DateTimeOffset? Until)>();
        var flying = new Dictionary<string, long>(StringComparer.Ordinal);
        var charged = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var fact in _facts)
        {
            switch (fact)
            {
                case Budgeted { Change: BudgetChange.Set } set when set.Agent == agent && !isSet:
                    GoOnTo(set.At);
                    (isSet, limit) = (true, set.Limit);
                    Grant(spent + (set.TopUp == 0 || set.TopUp > set.Limit ? set.Limit : set.TopUp));
                    break;
                case Budgeted { Change: BudgetChange.Set } set when set.Agent == agent:
                    GoOnTo(set.At);
                    var left = granted - owed - Raised() - spent;
                    raises.RemoveAll(raise => !Outlasts(raise, set.Limit));
                    limit = set.Limit;
                    Grant(spent + Math.Min(left + set.TopUp, Math.Max(limit, Math.Min(left, held - Raised()))));
                    break;
                case Budgeted { Change: BudgetChange.Total } total when total.Agent == agent:
                    GoOnTo(total.At);
                    raises.RemoveAll(raise => !Outlasts(raise, total.Limit));
                    (isSet, limit) = (true, total.Limit);
                    Grant(limit);
                    break;
                case Budgeted none when none.Agent == agent:
                    (isSet, limit, owed) = (false, 0, 0);
                    raises.Clear();
                    break;
                case Answered { Add: { } add } approved when approved.Asked.Place == new Place(agent, Total, 0):
                    GoOnTo(approved.At);
                    granted += add;
                    raises.Add((add, approved.Until));
                    break;
                case Hold hold when hold.Agent == agent:
                    GoOnTo(hold.At);
                    flying[hold.Id] = hold.Amount;
                    break;
                case Ending ending when flying.ContainsKey(ending.Id) || charged.ContainsKey(ending.Id):
                    GoOnTo(ending.At);
                    flying.Remove(ending.Id);
                    charged[ending.Id] = ending.Charge;
                    break;
                default:
                    continue;
            }

            (spent, held) = (charged.Values.Sum(), flying.Values.Sum());
            TakeBack();
        }

        GoOnTo(_now);
        return (isSet, limit, granted, Raised(), owed, spent, held, flying.Count, !Exists(agent));

        long Raised() => raises.Sum(raise => raise.Amount);

        void Grant(long forGood)
        {
            granted = Math.Max(forGood + Raised(), Math.Min(granted, spent + held));
            owed = granted - forGood - Raised();
        }

        void GoOnTo(DateTimeOffset at)
        {
            owed += raises.Where(raise => raise.Until <= at).Sum(raise => raise.Amount);
            raises.RemoveAll(raise => raise.Until <= at);
            TakeBack();
        }

        void TakeBack()
        {
            var back = Math.Min(owed, Math.Max(0, granted - spent - held));
            (granted, owed) = isSet ? (Math.Min(granted - back, spent + Math.Max(limit + Raised(), held)), owed - back) : (spent + held, 0);
        }
    }
}
