using System.Runtime.CompilerServices;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Agents;

/// <summary>Reads the agents through the sidecar, page after page.</summary>
internal static class AgentReader
{
    private const int PageSize = 1_000;

    /// <summary>Every agent, oldest first.</summary>
    public static async IAsyncEnumerable<Answer<AgentView>> ReadAllAsync(SidecarClient sidecar, [EnumeratorCancellation] CancellationToken stop)
    {
        string? after = null;
        bool more;
        do
        {
            var page = await sidecar.ListAgentsAsync(after, PageSize, stop);
            var json = page.Json["agents"]!.AsArray();
            for (var at = 0; at < page.Body.Agents.Count; at++)
            {
                yield return new Answer<AgentView>(page.Body.Agents[at], json[at]!);
            }

            (after, more) = (page.Body.NextAfter, page.Body is { HasMore: true, NextAfter: not null });
        }
        while (more);
    }
}
