namespace SpendGuard.Extensions.AI;

/// <summary>Whose call it is: the scope's agent, else the one that the client was set up with or that is running.</summary>
/// <param name="current">Tells the agent outside of a scope; null or empty when there is none.</param>
internal sealed class CallingAgent(Func<string?> current)
{
    /// <summary>Who is calling now, as far as that can be told.</summary>
    public Caller Now() => SpendGuardScope.Current is { } scope
        ? new Caller(scope.Agent ?? Running(), scope.Run, scope.Function)
        : new Caller(Running(), Run: null, Function: null);

    /// <summary>Who made a call that starts now.</summary>
    /// <param name="made">Who was calling when it was made. Only where that could not be told, it is whoever is running now.</param>
    /// <exception cref="UnidentifiedAgentException">There is neither a scope nor an agent.</exception>
    public Caller Of(Caller made) => made.Agent is null ? made with { Agent = Running() ?? throw new UnidentifiedAgentException() } : made;

    private AgentId? Running() => current() is { Length: > 0 } name ? new AgentId(name) : (AgentId?)null;
}
