using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>The node that a route names, and what is above it. A route is for agents or for groups, whose ids are of one set.</summary>
internal static class NodePath
{
    /// <summary>The way from an agent to the root.</summary>
    /// <exception cref="BadRequestException">There is no such agent; 404.</exception>
    public static async ValueTask<IReadOnlyList<NodeBudgets>> RequireAgentAsync(Admission caller, string agent, CancellationToken cancellationToken) =>
        await FindAsync(caller, AgentEndpoints.Id(agent), NodeKind.Agent, cancellationToken) ?? throw NotFound.Agent(agent);

    /// <summary>The way from a group to the root.</summary>
    /// <exception cref="BadRequestException">There is no such group; 404.</exception>
    public static async ValueTask<IReadOnlyList<NodeBudgets>> RequireGroupAsync(Admission caller, string group, CancellationToken cancellationToken) =>
        await FindAsync(caller, GroupId(group), NodeKind.Group, cancellationToken) ?? throw NotFound.Group(group);

    /// <summary>The way from a node to the root; null where there is no such node of that kind.</summary>
    public static async ValueTask<IReadOnlyList<NodeBudgets>?> FindAsync(Admission caller, NodeId node, NodeKind kind, CancellationToken cancellationToken) =>
        await caller.Engine.FindPathAsync(node, cancellationToken) is [{ Node: { DeletedAt: null } first }, ..] path && first.Kind == kind ? path : null;

    /// <summary>The id in a route. What cannot be an id names no group.</summary>
    public static NodeId GroupId(string group)
    {
        try
        {
            return new NodeId(group);
        }
        catch (ArgumentException)
        {
            throw NotFound.Group(group);
        }
    }

    /// <summary>The id that a route gives a group which it may make. A slash is not decoded in a path, and the group would be another than was meant.</summary>
    /// <exception cref="BadRequestException">It cannot be an id.</exception>
    public static NodeId NewGroupId(string group)
    {
        if (group.Contains("%2f", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadRequestException($"'{group}' is no id of a group: it has a slash, which the paths of its routes could not have.");
        }

        try
        {
            return new NodeId(group);
        }
        catch (ArgumentException exception)
        {
            throw new BadRequestException($"'{group}' is no id of a group. {exception.Message.Split(" (Parameter", 2)[0]}");
        }
    }
}
