namespace SpendGuard.Budgets;

/// <summary>What a node is.</summary>
public enum NodeKind
{
    /// <summary>An agent, which makes calls.</summary>
    Agent,

    /// <summary>A group above agents and other groups, such as a team or a customer.</summary>
    Group,
}
