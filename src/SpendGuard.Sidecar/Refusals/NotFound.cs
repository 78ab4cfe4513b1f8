using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>Refusals for an agent or a budget that is not there: what was fixed as <c>detail</c>, and beside it what to do.</summary>
internal static class NotFound
{
    /// <summary>What <see cref="Refusal.Code"/> is where there is no such agent.</summary>
    public const string AgentCode = "agent_not_found";

    /// <summary>What <see cref="Refusal.Code"/> is where there is no such group.</summary>
    public const string GroupCode = "group_not_found";

    /// <summary>What <see cref="Refusal.Code"/> is where there is the agent, and no budget of its own.</summary>
    public const string BudgetCode = "budget_not_found";

    public static BadRequestException Agent(string agent) => new("Agent not found", StatusCodes.Status404NotFound)
    {
        Told = $"Agent not found: {NoAgent(agent)}",
        Code = AgentCode,
    };

    public static BadRequestException Group(string group) => new("Group not found", StatusCodes.Status404NotFound)
    {
        Told = $"Group not found: there is no group with the id or the name '{group}', or it was deleted. All that there are have: spendguard group list",
        Code = GroupCode,
    };

    public static BadRequestException Node(string node) => new("Node not found", StatusCodes.Status404NotFound)
    {
        Told = $"Node not found: there is no agent or group with the id or the name '{node}'. All that there are have: spendguard budget tree",
        Code = "node_not_found",
    };

    /// <summary>The same, where something of the other kind is meant.</summary>
    /// <param name="missing">The refusal.</param>
    /// <param name="text">What was said.</param>
    /// <param name="node">What is meant by it.</param>
    public static BadRequestException OtherKind(BadRequestException missing, string text, Node node)
    {
        var (its, isNot, path) = node.Kind == NodeKind.Group ? ("a group", "an agent", "groups") : ("an agent", "a group", "agents");
        return new(missing.Message, missing.Status)
        {
            Told = $"{missing.Message}: '{text}' is {its}, and not {isNot}. What there is for it begins with /v1/{path}/{Uri.EscapeDataString(node.Id.Value)}",
            Code = missing.Code,
        };
    }

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
    public static BadRequestException Budget(AgentId agent, IReadOnlyList<NodeBudgets> path) => Budget(agent, path, NoAgent(agent.Value));

    /// <inheritdoc cref="Budget(AgentId, IReadOnlyList{NodeBudgets})"/>
    /// <remarks>Of a call, which takes no names.</remarks>
    public static BadRequestException BudgetOfCall(AgentId agent, IReadOnlyList<NodeBudgets> path) => Budget(
        agent, path, $"there is no agent with the id '{agent}', or it was deleted. A call goes by its agent's id, not by its name: 'spendguard agent list' has both.");

    private static BadRequestException Budget(AgentId agent, IReadOnlyList<NodeBudgets> path, string noAgent) => new("Budget not found", StatusCodes.Status404NotFound)
    {
        Code = path is [{ Node: { DeletedAt: null, Kind: NodeKind.Agent } }, ..] ? BudgetCode : AgentCode,
        Told = path is not [{ Node: { DeletedAt: null, Kind: NodeKind.Agent } }, ..] ? $"Budget not found: {noAgent}"
            : path.Any(node => node.Limits.Count > 0) ? $"Budget not found: agent '{agent}' has no budget of its own, but other limits, of itself or of groups above it. They are listed by: spendguard budget tree {agent}"
            : $"Budget not found: agent '{agent}' has no budget, so it can spend nothing. Set one: spendguard budget set --agent {agent} --limit CENTS",
    };

    private static string NoAgent(string agent) => $"there is no agent with the id or the name '{agent}', or it was deleted. All that there are have: spendguard agent list";
}
