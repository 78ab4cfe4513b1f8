namespace SpendGuard.Extensions.AI;

/// <summary>Whose call it is: the scope's agent, else the one that the client was set up with or that is running.</summary>
/// <param name="current">Tells the agent outside of a scope; null or empty when there is none.</param>
internal sealed class CallingAgent(Func<string?> current)
{
    /// <exception cref="UnidentifiedAgentException">There is neither a scope nor an agent.</exception>
    public (AgentId Agent, RunId? Run, string? Function) Find()
    {
        var scope = SpendGuardScope.Current;
        var agent = scope?.Agent ?? (current() is { Length: > 0 } name ? new AgentId(name) : throw new UnidentifiedAgentException());
        return (agent, scope?.Run, scope?.Function);
    }
}
