using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <summary>
/// The rules of trees a second time, the slow way: nothing but a list of what happened, from which every place, balance and window is worked out
/// anew. It shares no code with <see cref="BudgetRules"/>. A rolling window is every booking with its exact time: histories must step so that
/// none lies within a slice of the window's end.
/// </summary>
internal sealed partial class TreeModel
{
    private const int MostLevels = 8;
    private const int MostLimits = 8;

    private readonly List<Fact> _facts;
    private readonly WallCalendar _calendar;
    private DateTimeOffset _now;
    private Asked? _asked;

    public TreeModel(WallCalendar calendar)
        : this([], calendar)
    {
    }

    private TreeModel(List<Fact> facts, WallCalendar calendar) => (_facts, _calendar) = (facts, calendar);

    /// <summary>How many ledger entries there must be.</summary>
    public int Entries => _facts.Count(fact => fact is Entered or Born { IsEntered: true } or Gone { IsEntered: true });

    public TreeModel Clone() => new([.. _facts], _calendar) { _now = _now };

    public IEnumerable<string> Nodes => _facts.OfType<Born>().Select(born => born.Node);

    public TreeOutcome Apply(BudgetCommand command)
    {
        (_now, _asked) = (command.At, null);
        return Decide(command) is var outcome && _asked is null ? outcome : outcome with { Asks = true };
    }

    private TreeOutcome Decide(BudgetCommand command) => command switch
    {
        ApprovalCommand answer => Answer(answer),
        CreateAgent create => Create(create),
        DeleteAgent delete => Delete(delete),
        SetBudget set => Set(set),
        CreateGroup create => Create(create),
        SetLimit set => Cap(set),
        SetIdenticalCalls set => Break(set),
        NodeCommand node when !Exists(node.Node.Value) => Tell(BudgetStatus.NoNode, node.Node.Value) with { Node = null },
        DeleteGroup delete => Delete(delete),
        MoveNode move => Move(move),
        RemoveLimit remove => Uncap(remove),
        PauseNode pause => Stop(pause),
        ResumeNode resume => Resume(resume),
        Reserve reserve => TryHold(reserve),
        ReservationCommand end when HoldOf(end.Id.Value) is null => new TreeOutcome(BudgetStatus.NoReservation, null, null, null, null),
        Settle settle => End(settle, ReservationEnd.Settled, settle.Charge.Microcents),
        Release release => End(release, ReservationEnd.Released, 0),
        Forfeit forfeit => End(forfeit, ReservationEnd.Forfeited, Math.Max(HoldOf(forfeit.Id.Value)!.Amount, forfeit.Known.Microcents)),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    /// <summary>What is shown of the way from a node to the root.</summary>
    public IReadOnlyList<NodeSight> Path(string node, DateTimeOffset at)
    {
        _now = at;
        return [.. WithAbove(node).Select(id => new NodeSight(Sight(id), Balance(id), [.. LimitsOf(id).Select(limit => SightOf(id, limit, at))]))];
    }

    private TreeOutcome Create(CreateAgent create)
    {
        var id = create.Agent.Value;
        if (BirthOf(id) is not null)
        {
            return Tell(BudgetStatus.Conflict, id) with { Node = Sight(id) };
        }

        if (create.Under is { } under && !IsGroup(under.Value))
        {
            return Tell(BudgetStatus.NoGroup, id) with { Node = null };
        }

        _facts.Add(new Born(id, IsGroup: false, create.Name, create.Under?.Value, IsEntered: false));
        return Tell(BudgetStatus.Applied, id);
    }

    private TreeOutcome Create(CreateGroup create)
    {
        var (id, under) = (create.Node.Value, create.Under?.Value);
        var refusal = BirthOf(id) is { } born ? Exists(id) && born.IsGroup && born.Name == create.Name && ParentOf(id) == under ? BudgetStatus.Replayed : BudgetStatus.Conflict
            : under is not null && !IsGroup(under) ? BudgetStatus.NoGroup
            : under is not null && WithAbove(under).Count() >= MostLevels ? BudgetStatus.TooDeep
            : BudgetStatus.Applied;
        if (refusal == BudgetStatus.Applied)
        {
            _facts.Add(new Born(id, IsGroup: true, create.Name, under, IsEntered: true));
        }

        return new TreeOutcome(refusal, null, null, null, refusal is BudgetStatus.Applied or BudgetStatus.Replayed ? Sight(id) : null);
    }

    private TreeOutcome Delete(DeleteAgent delete)
    {
        var id = delete.Agent.Value;
        if (!Exists(id) || IsGroup(id))
        {
            return Tell(BudgetStatus.NoAgent, id) with { Node = null };
        }

        _facts.Add(new Gone(id, IsEntered: HasBudget(id)));
        return Tell(BudgetStatus.Applied, id);
    }

    private TreeOutcome Delete(DeleteGroup delete)
    {
        var id = delete.Node.Value;
        var refusal = !IsGroup(id) ? BudgetStatus.NoNode : Children(id).Any() ? BudgetStatus.NotEmpty : BudgetStatus.Applied;
        if (refusal == BudgetStatus.Applied)
        {
            _facts.Add(new Gone(id, IsEntered: true));
        }

        return new TreeOutcome(refusal, null, null, null, refusal == BudgetStatus.Applied ? Sight(id) : null);
    }

    private TreeOutcome Move(MoveNode move)
    {
        var (id, under) = (move.Node.Value, move.Under?.Value);
        var levels = under is null ? 0 : WithAbove(under).Count();
        var refusal = under is not null && !IsGroup(under) ? BudgetStatus.NoGroup
            : under is not null && WithAbove(under).Contains(id) ? BudgetStatus.Circle
            : levels + GroupLevels(id) > MostLevels ? BudgetStatus.TooDeep
            : ParentOf(id) == under ? BudgetStatus.Replayed
            : BudgetStatus.Applied;
        if (refusal == BudgetStatus.Applied)
        {
            _facts.Add(new Moved(id, under));
        }

        return Tell(refusal, id);
    }

    private TreeOutcome Stop(PauseNode pause)
    {
        var id = pause.Node.Value;
        var isPaused = PauseOf(id) is not null;
        if (!isPaused)
        {
            _facts.Add(new Stopped(id, pause.By));
        }

        return Tell(isPaused ? BudgetStatus.Replayed : BudgetStatus.Applied, id);
    }

    private TreeOutcome Resume(ResumeNode resume)
    {
        var id = resume.Node.Value;
        var isPaused = PauseOf(id) is not null;
        if (isPaused)
        {
            _facts.Add(new Resumed(id));
        }

        return Tell(isPaused ? BudgetStatus.Applied : BudgetStatus.Replayed, id);
    }

    private TreeOutcome Tell(BudgetStatus status, string node) => new(
        status, Balance(node), null, null, status is BudgetStatus.Applied or BudgetStatus.Replayed ? Sight(node) : null);

    private (string Id, bool IsGroup, string? Name, string? Under, int? IdenticalCalls, bool IsPaused, string? By, bool IsDeleted) Sight(string id)
    {
        var born = BirthOf(id)!;
        return (id, born.IsGroup, born.Name, ParentOf(id), MostIdentical(id), PauseOf(id) is not null, PauseOf(id)?.By, !Exists(id));
    }

    private Born? BirthOf(string id) => _facts.OfType<Born>().FirstOrDefault(born => born.Node == id);

    private bool Exists(string id) => BirthOf(id) is not null && !_facts.OfType<Gone>().Any(gone => gone.Node == id);

    private bool IsGroup(string id) => Exists(id) && BirthOf(id)!.IsGroup;

    private string? ParentOf(string id) => _facts.OfType<Moved>().LastOrDefault(moved => moved.Node == id) is { } last ? last.Under : BirthOf(id)?.Under;

    private IEnumerable<string> Children(string id) => Nodes.Where(child => Exists(child) && ParentOf(child) == id);

    private int GroupLevels(string id) => BirthOf(id)!.IsGroup ? 1 + Children(id).Select(GroupLevels).DefaultIfEmpty().Max() : 0;

    private Stopped? PauseOf(string id) => _facts.LastOrDefault(fact => (fact is Stopped stopped && stopped.Node == id) || (fact is Resumed resumed && resumed.Node == id)) as Stopped;

    private IEnumerable<string> WithAbove(string? id)
    {
        for (; id is not null && BirthOf(id) is not null; id = ParentOf(id))
        {
            yield return id;
        }
    }
}
