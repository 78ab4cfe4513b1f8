namespace SpendGuard;

/// <summary>Makes model calls within it count for an agent and a run, whatever the client they go through was set up with.</summary>
/// <remarks>The scope flows with the caller's asynchronous context, so one shared client can serve many agents at once.</remarks>
public sealed class SpendGuardScope : IDisposable
{
    private static readonly AsyncLocal<SpendGuardScope?> Ambient = new();

    private readonly SpendGuardScope? _outer;

    private SpendGuardScope(AgentId? agent, RunId? run, string? function, SpendGuardScope? outer)
    {
        Agent = agent;
        Run = run;
        Function = function;
        _outer = outer;
    }

    /// <summary>The innermost scope of the caller, or null outside of any.</summary>
    public static SpendGuardScope? Current => Ambient.Value;

    /// <summary>The agent that calls count for; null when none is named, and they count for that of the client they go through.</summary>
    public AgentId? Agent { get; }

    /// <summary>The run that calls count for.</summary>
    public RunId? Run { get; }

    /// <summary>The function that calls are attributed to in the ledger.</summary>
    public string? Function { get; }

    /// <summary>Opens a scope. Dispose it in the method that opened it.</summary>
    /// <param name="agent">The agent that calls count for.</param>
    /// <param name="run">The run that calls count for.</param>
    /// <param name="function">The function that calls are attributed to in the ledger, such as <c>plugin-function</c>.</param>
    public static SpendGuardScope Begin(AgentId agent, RunId? run = null, string? function = null) =>
        Open(agent, run, function);

    /// <summary>Opens a scope that only attributes calls to a function; agent and run stay those around it. Dispose it in the method that opened it.</summary>
    /// <param name="function">The function that calls are attributed to in the ledger, such as <c>plugin-function</c>.</param>
    public static SpendGuardScope BeginFunction(string function)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(function);
        return Open(Current?.Agent, Current?.Run, function);
    }

    /// <summary>Closes the scope; the one around it is in force again.</summary>
    public void Dispose()
    {
        if (ReferenceEquals(Ambient.Value, this))
        {
            Ambient.Value = _outer;
        }
    }

    private static SpendGuardScope Open(AgentId? agent, RunId? run, string? function)
    {
        var scope = new SpendGuardScope(agent, run, function, Ambient.Value);
        Ambient.Value = scope;
        return scope;
    }
}
