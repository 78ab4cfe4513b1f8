using System.Runtime.CompilerServices;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Nodes;

/// <summary>Reads agents and groups through the sidecar.</summary>
internal static class NodeReader
{
    private const int PageSize = 1_000;

    /// <summary>The agent or group that is meant: by its id, else by its name or by the beginning of its id.</summary>
    /// <exception cref="CommandFailedException">There is no such agent or group, or several may be meant.</exception>
    public static async Task<NodeName> FindAsync(SidecarClient sidecar, string text, CancellationToken stop)
    {
        // The agent first: with an agent's own key groups are not to be asked for.
        var (agent, several) = await TryFindAsync(async () => NodeOf((await sidecar.FindAgentAsync(text, stop)).Body));
        if (agent?.Id == text)
        {
            return agent;
        }

        var (group, groups) = await TryFindAsync(async () => NodeOf((await sidecar.FindGroupAsync(text, stop)).Body), isKnown: agent is not null);
        return (agent, group) switch
        {
            _ when group?.Id == text => group,
            _ when (several ?? groups) is { } ambiguous => throw ambiguous,
            (null, null) => throw new CommandFailedException(
                $"There is no agent or group with the id or the name '{text}'. All that there are have: spendguard budget tree. A group is made by: spendguard group create {text}"),
            ({ } one, null) => one,
            (null, { } one) => one,
            var (an, its) when an!.Name == text == (its!.Name == text) => throw new CommandFailedException(
                $"'{text}' may be agent '{an.Id}' or group '{its.Id}'. Say by the id which one is meant."),
            var (an, its) => an!.Name == text ? an : its!,
        };
    }

    /// <summary>Every agent and group, in the order of their ids.</summary>
    public static async IAsyncEnumerable<Answer<NodeView>> ReadAllAsync(SidecarClient sidecar, [EnumeratorCancellation] CancellationToken stop)
    {
        string? after = null;
        bool more;
        do
        {
            var page = await sidecar.ReadTreeAsync(after, PageSize, stop);
            var json = page.Json["nodes"]!.AsArray();
            for (var at = 0; at < page.Body.Nodes.Count; at++)
            {
                yield return new Answer<NodeView>(page.Body.Nodes[at], json[at]!);
            }

            (after, more) = (page.Body.NextAfter, page.Body is { HasMore: true, NextAfter: not null });
        }
        while (more);
    }

    /// <summary>Every group, in the order of their ids.</summary>
    public static async IAsyncEnumerable<Answer<GroupView>> ReadGroupsAsync(SidecarClient sidecar, [EnumeratorCancellation] CancellationToken stop)
    {
        string? after = null;
        bool more;
        do
        {
            var page = await sidecar.ListGroupsAsync(after, PageSize, stop);
            var json = page.Json["groups"]!.AsArray();
            for (var at = 0; at < page.Body.Groups.Count; at++)
            {
                yield return new Answer<GroupView>(page.Body.Groups[at], json[at]!);
            }

            (after, more) = (page.Body.NextAfter, page.Body is { HasMore: true, NextAfter: not null });
        }
        while (more);
    }

    private static NodeName NodeOf(AgentView agent) => new(agent.AgentId, IsAgent: true, agent.Paused) { Name = agent.Name };

    private static NodeName NodeOf(GroupView group) => new(group.GroupId, IsAgent: false, group.Paused) { Name = group.Name };

    /// <param name="find">Asks for it.</param>
    /// <param name="isKnown">Whether something is meant already, so that what may not be asked for is none.</param>
    private static async Task<(NodeName? Node, HttpFailureException? Several)> TryFindAsync(Func<Task<NodeName>> find, bool isKnown = false)
    {
        try
        {
            return (await find(), null);
        }
        catch (HttpFailureException failure) when (failure.Status == 404 || (isKnown && failure.Status == 403))
        {
            return (null, null);
        }
        catch (HttpFailureException failure) when (failure.Code == "ambiguous")
        {
            return (null, failure);
        }
    }
}
