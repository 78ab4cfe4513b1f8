namespace SpendGuard;

/// <summary>There is no agent with the id, or it was deleted.</summary>
public sealed class AgentNotFoundException : SpendGuardException
{
    internal AgentNotFoundException(AgentId agent)
        : base($"Agent not found: there is no agent with the id '{agent}', or it was deleted. An agent goes by its id, not by its name.") => Agent = agent;

    /// <summary>The id.</summary>
    public AgentId Agent { get; }
}
