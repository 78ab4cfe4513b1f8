using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>Refusals for an agent or a budget that is not there: what was fixed as <c>detail</c>, and beside it what to do.</summary>
internal static class NotFound
{
    private const string NotByName = "An agent goes by its id, not by its name: 'spendguard agent list' has both.";

    public static BadRequestException Agent(string agent) => new("Agent not found", StatusCodes.Status404NotFound)
    {
        Told = $"Agent not found: there is no agent with the id '{agent}', or it was deleted. {NotByName}",
    };

    public static BadRequestException Group(string group) => new("Group not found", StatusCodes.Status404NotFound)
    {
        Told = $"Group not found: there is no group with the id '{group}', or it was deleted. A group goes by its id, not by its name: 'spendguard group list' has both.",
    };

    public static BadRequestException Limit(string node, string window) => new("Limit not found", StatusCodes.Status404NotFound)
    {
        Told = $"Limit not found: '{node}' has no limit for {window}. Its limits are listed by: spendguard limit list {node}",
    };

    public static BadRequestException Alert(string alert) => new("Alert not found", StatusCodes.Status404NotFound)
    {
        Told = $"Alert not found: there is no alert with the id '{alert}'. Alerts are listed, with their ids, by: spendguard alerts list",
    };

    public static BadRequestException Key(string agent, string key) => new("Key not found", StatusCodes.Status404NotFound)
    {
        Told = $"Key not found: agent '{agent}' has no key with the id '{key}'. Its keys are listed by: spendguard key list --agent {agent}",
    };

    public static BadRequestException Approval(string approval) => new("Approval not found", StatusCodes.Status404NotFound)
    {
        Told = $"Approval not found: there is no request for approval with the id '{approval}'. Those that wait for an answer are listed by: spendguard approvals list",
    };

    public static BadRequestException Batch(AgentId agent) => new("Batch not found", StatusCodes.Status404NotFound)
    {
        Told = $"Batch not found: agent '{agent}' has made no such batch here. Only the agent that made a batch is told of it.",
    };

    /// <param name="agent">The id in the route.</param>
    /// <param name="path">What limits it, as far as there is such an agent.</param>
    public static BadRequestException Budget(AgentId agent, IReadOnlyList<NodeBudgets> path) => new("Budget not found", StatusCodes.Status404NotFound)
    {
        Told = path is not [{ Node.DeletedAt: null }, ..] ? $"Budget not found: there is no agent with the id '{agent}', or it was deleted. {NotByName}"
            : path.Any(node => node.Limits.Count > 0) ? $"Budget not found: agent '{agent}' has no budget of its own, but other limits, of itself or of groups above it. They are listed by: spendguard budget tree {agent}"
            : $"Budget not found: agent '{agent}' has no budget, so it can spend nothing. Set one: spendguard budget set --agent {agent} --limit CENTS",
    };
}
