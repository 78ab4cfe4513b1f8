namespace SpendGuard.Extensions.AI;

/// <summary>Whose call it is: the scope's agent, else the one that the client was set up with or that is running.</summary>
/// <param name="current">Tells the agent outside of a scope; null or empty when there is none.</param>
internal sealed class CallingAgent(Func<string?> current)
{
    /// <exception cref="UnidentifiedAgentException">There is neither a scope nor an agent.</exception>
    public (AgentId Agent, RunId? Run, string? Function) Find() =>
        SpendGuardScope.Current is { } scope ? (scope.Agent, scope.Run, scope.Function)
        : current() is { Length: > 0 } agent ? (new AgentId(agent), null, null)
        : throw new UnidentifiedAgentException();
}
