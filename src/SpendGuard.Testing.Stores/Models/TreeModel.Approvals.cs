using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <content>Requests for approval, and what they add.</content>
internal sealed partial class TreeModel
{
    /// <summary>Takes the name that a store has given to the request that its last answer was about.</summary>
    /// <returns>Whose limit it is of; null where it had that name already.</returns>
    public string? Name(ApprovalId id)
    {
        if (_facts.OfType<Named>().FirstOrDefault(named => named.Asked == _asked) is { } known)
        {
            Xunit.Assert.Equal(known.Id, id);
            return null;
        }

        Xunit.Assert.DoesNotContain(_facts.OfType<Named>(), named => named.Id == id);
        _facts.Add(new Named(id, _asked!));
        return _asked!.Place.Node;
    }

    /// <summary>Leaves a request where the window has none, or budget.</summary>
    private void Ask(Place place)
    {
        _asked = StandingIn(place);
        if (_asked is null)
        {
            _asked = new Asked(place, _facts.Count);
            _facts.Add(_asked);
        }
    }

    private TreeOutcome Answer(ApprovalCommand command)
    {
        var node = command.Node.Value;
        if (_facts.OfType<Named>().FirstOrDefault(named => named.Id == command.Id) is not { } named || named.Asked.Place.Node != node)
        {
            return Tell(BudgetStatus.NoApproval, node) with { Node = null };
        }

        _asked = named.Asked;
        var place = _asked.Place;
        var add = (command as Approve)?.Add.Microcents;
        if (_facts.OfType<Answered>().FirstOrDefault(answered => answered.Asked == _asked) is { } before)
        {
            var isSame = add == before.Add && (add is null || before.Until == EndOf(place, before.At, ((Approve)command).Lasting));
            return Tell(isSame ? BudgetStatus.Replayed : BudgetStatus.ApprovalOver, node);
        }

        var isOpen = Exists(node) && StandingIn(place) == _asked && (place.Number == 0
            ? Balance(node) is { IsSet: true }
            : IsLast(place) && !(Until(place) <= command.At));
        if (isOpen)
        {
            _facts.Add(new Answered(_asked, add, add is null ? null : EndOf(place, command.At, ((Approve)command).Lasting), command.At));
        }

        return Tell(isOpen ? BudgetStatus.Applied : BudgetStatus.ApprovalOver, node);
    }

    /// <summary>The request that nobody has approved, and that no change of the limit has done away with.</summary>
    private Asked? StandingIn(Place place)
    {
        Asked? standing = null;
        foreach (var fact in _facts)
        {
            standing = fact switch
            {
                Asked asked when asked.Place == place => asked,
                Answered { Add: not null } approved when approved.Asked == standing => null,
                _ when IsSetAnew(fact, place) => null,
                _ => standing,
            };
        }

        return standing;
    }

    /// <summary>What is added at a time, and until when.</summary>
    private List<(long Amount, DateTimeOffset? Until)> RaisesIn(Place place, DateTimeOffset at)
    {
        var raises = new List<(long Amount, DateTimeOffset? Until)>();
        foreach (var fact in _facts)
        {
            if (fact is Answered { Add: { } add } approved && approved.Asked.Place == place)
            {
                raises.Add((add, approved.Until));
            }
            else if (IsSetAnew(fact, place))
            {
                raises.RemoveAll(raise => fact is not Capped capped || !Outlasts(raise, capped.Limit.Amount.Microcents));
            }
        }

        raises.RemoveAll(raise => raise.Until <= at);
        return raises;
    }

    private static bool Outlasts((long Amount, DateTimeOffset? Until) raise, long limit) => raise.Until is not null && limit > 0;

    private static bool IsSetAnew(Fact fact, Place place) => fact switch
    {
        Budgeted budgeted => place == new Place(budgeted.Agent, Total, 0),
        Capped capped => (capped.Node, capped.Limit.Window.Name) == (place.Node, place.Limit) && place.Number > 0,
        Uncapped uncapped => (uncapped.Node, uncapped.Window) == (place.Node, place.Limit) && place.Number > 0,
        _ => false,
    };

    private bool IsLast(Place place) => LimitsOf(place.Node).Exists(limit => limit.Window.Name == place.Limit) && LastOf(place.Node, place.Limit)?.Place == place;

    private DateTimeOffset? EndOf(Place place, DateTimeOffset from, TimeSpan? lasting)
    {
        var window = place.Number > 0 && IsLast(place) ? Until(place) : null;
        var asked = from + lasting;
        return asked is null || window < asked ? window ?? asked : asked;
    }
}
