namespace SpendGuard.Sidecar.Refusals;

/// <summary>Refusals for an agent or a budget that is not there: what was fixed as <c>detail</c>, and beside it what to do.</summary>
internal static class NotFound
{
    private const string NotByName = "An agent goes by its id, not by its name: 'spendguard agent list' has both.";

    public static BadRequestException Agent(string agent) => new("Agent not found", StatusCodes.Status404NotFound)
    {
        Told = $"Agent not found: there is no agent with the id '{agent}', or it was deleted. {NotByName}",
    };

    public static BadRequestException Key(string agent, string key) => new("Key not found", StatusCodes.Status404NotFound)
    {
        Told = $"Key not found: agent '{agent}' has no key with the id '{key}'. Its keys are listed by: spendguard key list --agent {agent}",
    };

    public static BadRequestException Batch(AgentId agent) => new("Batch not found", StatusCodes.Status404NotFound)
    {
        Told = $"Batch not found: agent '{agent}' has made no such batch here. Only the agent that made a batch is told of it.",
    };

    /// <param name="agent">The id in the route.</param>
    /// <param name="isThere">Whether there is such an agent.</param>
    public static BadRequestException Budget(AgentId agent, bool isThere) => new("Budget not found", StatusCodes.Status404NotFound)
    {
        Told = isThere
            ? $"Budget not found: agent '{agent}' has no budget, so it can spend nothing. Set one: spendguard budget set --agent {agent} --limit CENTS"
            : $"Budget not found: there is no agent with the id '{agent}', or it was deleted. {NotByName}",
    };
}
