using System.Text.Json.Nodes;
using SpendGuard.Cli.Budgets;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;

namespace SpendGuard.Cli.Limits;

/// <summary>What limits an agent that has no budget of its own: its limits, and those of the groups above it.</summary>
/// <param name="Path">The agent and the groups above it.</param>
internal sealed record AgentLimits(IReadOnlyList<NodeView> Path)
{
    /// <summary>The limit that has the least left, and whose it is; null where there is none.</summary>
    public (NodeView Node, LimitView Limit)? Tightest => Path.SelectMany(node => node.Limits, (node, limit) => (node, limit)) is var all && all.Any()
        ? all.MinBy(pair => Figures.Of(pair.limit).Left.Microcents)
        : null;

    /// <summary>The first of them that is paused; null where none is.</summary>
    public NodeView? Paused => Path.FirstOrDefault(node => node.Paused is not null);

    public static async Task<AgentLimits> ReadAsync(SidecarClient sidecar, string agent, CancellationToken stop)
    {
        try
        {
            return new AgentLimits((await sidecar.ReadPathAsync(agent, stop)).Body.Nodes);
        }
        catch (HttpFailureException failure) when (failure.Status == 404)
        {
            // The sidecar is older than limits, or the agent has just been deleted.
            return new AgentLimits([]);
        }
    }

    /// <summary>Such as <c>month Europe/Berlin of group team-red</c>.</summary>
    public static string Name(NodeView node, LimitView limit) => $"{LimitTable.Window(limit)} of {node.Kind} {node.Id}";

    public static string LineOf(NodeView node, LimitView limit) => $"{Line.Of("limited_by", node.Id)} {LimitLines.Of(limit)}";

    public static JsonObject JsonOf(NodeView node, LimitView limit) => new()
    {
        ["node"] = node.Id,
        ["window"] = limit.Window,
        ["amount_cents"] = limit.AmountCents,
        ["spent_cents"] = limit.SpentCents,
        ["held_cents"] = limit.HeldCents,
        ["left_cents"] = limit.LeftCents,
        ["resets_at"] = Moment.Of(limit.ResetsAt),
    };
}
