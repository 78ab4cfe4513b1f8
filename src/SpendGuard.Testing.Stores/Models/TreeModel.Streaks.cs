using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <content>Identical calls in a row.</content>
internal sealed partial class TreeModel
{
    private TreeOutcome Break(SetIdenticalCalls set)
    {
        var id = set.Node.Value;
        var isNew = BirthOf(id) is null;
        if ((isNew && set.Count is null) || (!isNew && !Exists(id)))
        {
            return Tell(BudgetStatus.NoNode, id) with { Node = null };
        }

        if (!isNew && MostIdentical(id) == set.Count)
        {
            return Tell(BudgetStatus.Replayed, id);
        }

        if (isNew)
        {
            _facts.Add(new Born(id, IsGroup: true, Name: null, Under: null, IsEntered: false));
        }

        _facts.Add(new Breaker(id, set.Count));
        return Tell(BudgetStatus.Applied, id);
    }

    private int? MostIdentical(string node) => _facts.OfType<Breaker>().LastOrDefault(breaker => breaker.Node == node)?.Count;

    /// <summary>What a call is counted by: where somebody asks for it, or has asked before in the same run.</summary>
    private string? CountedAs(Reserve reserve) => reserve is { Run: { } run, Fingerprint: { } fingerprint } && (MostOn(reserve) is not null || Counted(reserve.Agent.Value, run.Value).Count > 0)
        ? fingerprint.Value
        : null;

    private int? MostOn(Reserve reserve) => WithAbove(reserve.Agent.Value).Select(MostIdentical).FirstOrDefault(most => most is not null);

    /// <summary>How many of the last calls of a run in a row were this one.</summary>
    private int InARow(Reserve reserve, string fingerprint) =>
        Enumerable.Reverse(Counted(reserve.Agent.Value, reserve.Run!.Value.Value)).TakeWhile(counted => counted == fingerprint).Count();

    /// <summary>What the calls of a run were counted by; nothing, in the place of one that tripped the breaker.</summary>
    private List<string?> Counted(string agent, string run) => [.. _facts.SelectMany(fact => fact switch
    {
        Hold { Counted: not null } hold when (hold.Agent, hold.Run) == (agent, run) => [hold.Counted],
        Tripped tripped when (tripped.Agent, tripped.Run) == (agent, run) => [null],
        _ => (IEnumerable<string?>)[],
    })];
}
