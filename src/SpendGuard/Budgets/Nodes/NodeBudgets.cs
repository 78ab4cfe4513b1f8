using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>An agent or a group, and what its limits say at one moment.</summary>
public sealed class NodeBudgets
{
    private NodeBudgets(Node node, Budget? budget, IReadOnlyList<LimitBudget> limits) => (Node, Budget, Limits) = (node, budget, limits);

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>An agent's budget; null where it has none, and of a group.</summary>
    public Budget? Budget { get; }

    /// <summary>Its limits, beside an agent's budget.</summary>
    public IReadOnlyList<LimitBudget> Limits { get; }

    /// <summary>What a new call can hold of all that limits this node; null where nothing does.</summary>
    [Experimental(ApiTier.Adapters)]
    public Money? Available => Limits.Select(limit => (Money?)limit.Account.Available).Append(Budget?.Available).Min(amount => amount?.Microcents) is { } least
        ? Money.FromMicrocents(least)
        : null;

    /// <summary>What a new call could hold of the same if all that is held came back; null where nothing limits this node.</summary>
    internal Money? Attainable => Limits.Select(limit => (Money?)limit.Account.Attainable).Append(Budget?.Attainable).Min(amount => amount?.Microcents) is { } least
        ? Money.FromMicrocents(least)
        : null;

    internal static NodeBudgets Of(NodeState state, DateTimeOffset now) => new(
        state.Node,
        state.Budget is { IsSet: true } budget ? budget.AsOf(now) : null,
        [.. state.Limits.Select(limit => LimitOf(AccountRules.Open(state.Node.Id, limit.Limit, limit.Account, now), limit.Limit, now))]);

    private static LimitBudget LimitOf(Account open, Limit limit, DateTimeOffset now) =>
        new(limit, open, AccountRules.EmptyAt(open, now));
}
