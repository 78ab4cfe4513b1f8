namespace SpendGuard.Extensions.AI;

/// <summary>Whose call it is: that of its options, else the scope's agent, else the one that the client was set up with or that is running.</summary>
/// <param name="current">Tells the agent outside of a scope; null or empty when there is none.</param>
/// <param name="bound">The one agent that the client was set up with; null where several share it.</param>
internal sealed class CallingAgent(Func<string?> current, AgentId? bound)
{
    /// <summary>Who is calling now, as far as that can be told.</summary>
    public Caller Now() => SpendGuardScope.Current is { } scope
        ? new Caller(scope.Agent ?? Running(), scope.Run, scope.Function, SpendGuardRun.Current)
        : new Caller(Running(), Run: null, Function: null, CappedRun: null);

    /// <summary>Who made a call that starts now.</summary>
    /// <param name="made">Who was calling when it was made. Only where that could not be told, it is whoever is running now.</param>
    /// <param name="carried">The agent that its options carry; null where they carry none.</param>
    /// <exception cref="UnidentifiedAgentException">There is neither a scope nor an agent, or the options carry another than the client is for.</exception>
    public Caller Of(Caller made, AgentId? carried) => carried is not { } agent
        ? made.Agent is null ? made with { Agent = Running() ?? throw new UnidentifiedAgentException() } : made
        : bound is not { } only || only == agent || made.Agent == agent
            ? made with { Agent = agent }
            : throw new UnidentifiedAgentException(only, agent);

    private AgentId? Running() => current() is { Length: > 0 } name ? new AgentId(name) : (AgentId?)null;
}
