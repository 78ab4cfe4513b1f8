using System.Runtime.CompilerServices;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Nodes;

/// <summary>Reads agents and groups through the sidecar.</summary>
internal static class NodeReader
{
    private const int PageSize = 1_000;

    /// <summary>What an id is of.</summary>
    /// <exception cref="CommandFailedException">There is no such agent or group.</exception>
    public static async Task<NodeName> FindAsync(SidecarClient sidecar, string id, CancellationToken stop)
    {
        // The agent first: with an agent's own key groups are not to be asked for.
        if (await TryFindAsync(() => sidecar.FindAgentAsync(id, stop)) is { Body: var agent })
        {
            return new NodeName(id, IsAgent: true, agent.Paused);
        }

        return await TryFindAsync(() => sidecar.FindGroupAsync(id, stop)) is { Body: var group }
            ? new NodeName(id, IsAgent: false, group.Paused)
            : throw new CommandFailedException(
                $"There is no agent or group with the id '{id}'. They go by their ids, not by their names, and 'spendguard budget tree' has all. A group is made by: spendguard group create {id}");
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

    private static async Task<Answer<T>?> TryFindAsync<T>(Func<Task<Answer<T>>> find)
    {
        try
        {
            return await find();
        }
        catch (HttpFailureException failure) when (failure.Status == 404)
        {
            return null;
        }
    }
}
