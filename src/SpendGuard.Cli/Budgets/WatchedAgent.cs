using System.Text.Json.Nodes;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Budgets;

/// <summary>An agent and its budget as they were at one look.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Answer">Its budget; null when it has none.</param>
internal sealed record WatchedAgent(AgentView Agent, Answer<BudgetView>? Answer)
{
    public BudgetView? Budget => Answer?.Body;

    public string Line => string.Join(
        ' ',
        Output.Line.Of("agent_id", Agent.AgentId),
        Output.Line.Of("name", Agent.Name),
        Output.Line.Of("hard_limit_cents", Budget?.HardLimitCents),
        Output.Line.Of("remaining_cents", Budget?.RemainingCents),
        Output.Line.Of("remaining_microcents", Budget?.RemainingMicrocents),
        Output.Line.Of("held_microcents", Budget?.HeldMicrocents),
        Output.Line.Of("in_flight", Budget?.InFlight));

    /// <summary>The budget with the agent's name; only the agent when it has none.</summary>
    public JsonObject Json
    {
        get
        {
            var json = Answer?.Json.DeepClone().AsObject() ?? new JsonObject { ["agent_id"] = Agent.AgentId };
            json["name"] = Agent.Name;
            return json;
        }
    }

    public static async Task<IReadOnlyList<WatchedAgent>> ReadAllAsync(SidecarClient sidecar, CancellationToken stop)
    {
        var watched = new List<WatchedAgent>();
        await foreach (var agent in AgentReader.ReadAllAsync(sidecar, stop))
        {
            watched.Add(new WatchedAgent(agent.Body, await sidecar.TryFindBudgetAsync(agent.Body.AgentId, stop)));
        }

        return watched;
    }
}
