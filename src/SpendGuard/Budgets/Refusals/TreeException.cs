using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>A group or a limit cannot be as it was asked for.</summary>
public sealed class TreeException : SpendGuardException
{
    private TreeException(NodeId node, string message)
        : base(message) => Node = node;

    /// <summary>The node that it concerns.</summary>
    public NodeId Node { get; }

    internal static TreeException Circle(NodeId node, NodeId under) => new(
        node, node == under
            ? $"'{node}' cannot be under itself. Name another group."
            : $"'{node}' cannot be under '{under}', which is under '{node}'. Move '{under}' out first.");

    internal static TreeException TooDeep(NodeId node) => new(
        node, $"'{node}' would be under too many groups: at most {NodeRules.MostLevels} may be above one another. Put it under one that is higher up.");

    internal static TreeException TooManyLimits(NodeId node) => new(
        node, $"'{node}' has {LimitRules.MostLimits} limits, which is all that a node may have. Remove one first, or set one of a window that it has.");

    internal static TreeException NotEmpty(NodeId group) => new(
        group, $"Group '{group}' has agents or groups under it, whose calls would not count in its limits any more. Move them, or delete them, first.");
}
