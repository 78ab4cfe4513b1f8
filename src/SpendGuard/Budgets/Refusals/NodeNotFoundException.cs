namespace SpendGuard;

/// <summary>There is no agent or group with the id, or it was deleted.</summary>
public sealed class NodeNotFoundException : SpendGuardException
{
    private NodeNotFoundException(NodeId node, string message)
        : base(message) => Node = node;

    /// <summary>The id.</summary>
    public NodeId Node { get; }

    internal static NodeNotFoundException ForNode(NodeId node) => new(
        node, $"There is no agent or group with the id '{node}', or it was deleted. A node goes by its id, not by its name.");

    internal static NodeNotFoundException ForGroup(NodeId group) => new(
        group, $"There is no group with the id '{group}', or it was deleted. Create it first, then put something under it.");
}
