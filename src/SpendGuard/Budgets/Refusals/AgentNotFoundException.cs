namespace SpendGuard;

/// <summary>There is no agent with the id, or it was deleted.</summary>
public sealed class AgentNotFoundException : SpendGuardException
{
    internal AgentNotFoundException(AgentId agent)
        : base($"Agent not found: '{agent}' is not known, or was deleted. Create an agent first.") => Agent = agent;

    /// <summary>The id.</summary>
    public AgentId Agent { get; }
}
