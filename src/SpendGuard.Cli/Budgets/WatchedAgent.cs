using System.Text.Json.Nodes;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Limits;

namespace SpendGuard.Cli.Budgets;

/// <summary>An agent and its budget as they were at one look.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Answer">Its budget; null when it has none.</param>
/// <param name="Limit">Where it has none, the limit that has the least left, and whose it is; null when there is none either.</param>
internal sealed record WatchedAgent(AgentView Agent, Answer<BudgetView>? Answer, (NodeView Node, LimitView Limit)? Limit)
{
    public BudgetView? Budget => Answer?.Body;

    /// <summary>Of its budget, else of the limit; null of an agent that has neither.</summary>
    public Figures? Figures => Budget is { } budget ? Figures.Of(budget) : Limit is var (_, limit) ? Figures.Of(limit) : null;

    /// <summary>Whether nothing is left for another call.</summary>
    public bool IsEmpty => Budget?.Overdrawn == true || Limit?.Limit.Overdrawn == true || Figures?.Left <= Money.Zero;

    public string Line => BudgetLine + (Limit is var (node, limit) ? " " + AgentLimits.LineOf(node, limit) : "");

    private string BudgetLine => string.Join(
        ' ',
        Output.Line.Of("agent_id", Agent.AgentId),
        Output.Line.Of("name", Agent.Name),
        Output.Line.Of("hard_limit_cents", Budget?.HardLimitCents),
        Output.Line.Of("remaining_cents", Budget?.RemainingCents),
        Output.Line.Of("remaining_microcents", Budget?.RemainingMicrocents),
        Output.Line.Of("held_microcents", Budget?.HeldMicrocents),
        Output.Line.Of("in_flight", Budget?.InFlight),
        Output.Line.Of("spent_microcents", Budget?.SpentMicrocents),
        Output.Line.Of("granted_microcents", Budget?.GrantedMicrocents),
        Output.Line.Of("available_microcents", Budget?.AvailableMicrocents));

    /// <summary>The budget with the agent's name; only the agent, and what limits it, when it has none.</summary>
    public JsonObject Json
    {
        get
        {
            var json = Answer?.Json.DeepClone().AsObject() ?? new JsonObject { ["agent_id"] = Agent.AgentId };
            json["name"] = Agent.Name;
            if (Limit is var (node, limit))
            {
                json["limited_by"] = AgentLimits.JsonOf(node, limit);
            }

            return json;
        }
    }

    public static async Task<IReadOnlyList<WatchedAgent>> ReadAllAsync(SidecarClient sidecar, CancellationToken stop)
    {
        var watched = new List<WatchedAgent>();
        await foreach (var agent in AgentReader.ReadAllAsync(sidecar, stop))
        {
            var budget = await TryFindAsync(sidecar, agent.Body.AgentId, stop);
            var limit = budget is null ? (await AgentLimits.ReadAsync(sidecar, agent.Body.AgentId, stop)).Tightest : null;
            watched.Add(new WatchedAgent(agent.Body, budget, limit));
        }

        return watched;
    }

    /// <summary>One that has been deleted since the agents were read has none either.</summary>
    private static async Task<Answer<BudgetView>?> TryFindAsync(SidecarClient sidecar, string agent, CancellationToken stop)
    {
        try
        {
            return await sidecar.TryFindBudgetAsync(agent, stop);
        }
        catch (HttpFailureException failure) when (failure.Status == 404)
        {
            return null;
        }
    }
}
