namespace SpendGuard.Budgets;

/// <summary>The breaker of identical calls: what sets it, counts, and pauses an agent.</summary>
internal static class StreakRules
{
    public static Transition Set(SetIdenticalCalls command, BudgetState state)
    {
        var known = state.Tree.Node;
        if (known is { DeletedAt: not null } || (known is null && command.Count is null))
        {
            return new Transition(state, BudgetStatus.NoNode);
        }

        if (known is not null && known.IdenticalCalls == command.Count)
        {
            return new Transition(state, BudgetStatus.Replayed);
        }

        var node = (known ?? NodeRules.NewGroup(command.Node, command.At)) with { IdenticalCalls = command.Count };
        return new Transition(state, BudgetStatus.Applied)
        {
            Node = node,
            Budget = state.Budget,
            Entry = LedgerEntry.Of(LedgerEntryKind.BreakerSet, command, node, state.Budget) with
            {
                Limit = command.Count is { } count ? $"{count} identical calls" : null,
            },
        };
    }

    /// <summary>
    /// The run's streak once this call is made; null where none is counted. One that was begun goes on where nobody asks for it any more: what
    /// was made meanwhile would be missing should somebody ask again.
    /// </summary>
    public static Streak? With(Reserve command, BudgetState state) =>
        command is not { Run: { } run, Fingerprint: { } fingerprint } || (state.Streak is null && MostOf(state) is null) ? null
            : new Streak(command.Agent, run, fingerprint, state.Streak is { } before && before.Fingerprint == fingerprint ? before.Count + 1 : 1);

    /// <summary>Pauses the agent of a call that makes too many in a row; null where it does not.</summary>
    public static Transition? Break(Reserve command, Streak streak, BudgetState state) => streak.Count >= MostOf(state)
        ? NodeRules.Break(
            command, state.Tree.Path[0].Node, $"{streak.Count} identical calls in a row in run {streak.Run}", state, streak: streak with { Count = 0 })
        : null;

    /// <summary>How many make the breaker trip, as the nearest node says that says anything.</summary>
    private static int? MostOf(BudgetState state) =>
        state.Tree.Path.Select(station => station.Node.IdenticalCalls).FirstOrDefault(count => count is not null);
}
