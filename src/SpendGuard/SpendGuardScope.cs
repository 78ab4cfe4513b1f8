using System.Diagnostics.CodeAnalysis;

namespace SpendGuard;

/// <summary>Makes model calls within it count for an agent and a run, whatever the client they go through was set up with.</summary>
/// <remarks>
/// The scope flows with the caller's asynchronous context, so one shared client can serve many agents at once. It does not outlive the
/// method that opened it: one that is opened in an iterator is lost at the first <c>yield</c>, and one that is opened in an asynchronous
/// method when that returns. Disposing of a lost one throws, so that it is noticed.
/// </remarks>
public sealed class SpendGuardScope : IDisposable
{
    private static readonly AsyncLocal<Frame?> Ambient = new();

    private bool _disposed;

    private SpendGuardScope(AgentId? agent, RunId? run, string? function, SpendGuardRun? cappedRun)
    {
        CappedRun = cappedRun;
        Agent = agent;
        Run = run;
        Function = function;
    }

    /// <summary>The innermost scope of the caller, or null outside of any.</summary>
    public static SpendGuardScope? Current => Ambient.Value?.Scope;

    /// <summary>The agent that calls count for; null when none is named, and they count for that of the client they go through.</summary>
    public AgentId? Agent { get; }

    /// <summary>The run that calls count for.</summary>
    public RunId? Run { get; }

    /// <summary>The function that calls are attributed to in the ledger.</summary>
    public string? Function { get; }

    /// <summary>The innermost run with a cap that calls count for besides. A scope within one stays within it, whatever agent and run it names.</summary>
    internal SpendGuardRun? CappedRun { get; }

    /// <summary>Opens a scope. Dispose it in the method that opened it.</summary>
    /// <param name="agent">The agent that calls count for.</param>
    /// <param name="run">The run that calls count for; a run with a cap around the scope unless set.</param>
    /// <param name="function">The function that calls are attributed to in the ledger, such as <c>plugin-function</c>.</param>
    public static SpendGuardScope Begin(AgentId agent, RunId? run = null, string? function = null) =>
        Open(agent, run, function, Current?.CappedRun);

    /// <summary>Opens a scope for what was asked for earlier, such as a stream: within the run with a cap that was in force then.</summary>
    /// <param name="cappedRun">The run with a cap that calls count for besides; null for none.</param>
    /// <param name="agent">The agent that calls count for.</param>
    /// <param name="run">The run that calls count for; that with the cap unless set.</param>
    [Experimental(ApiTier.Adapters)]
    public static SpendGuardScope BeginIn(SpendGuardRun? cappedRun, AgentId agent, RunId? run) => Open(agent, run, function: null, cappedRun);

    /// <summary>Opens a scope that only attributes calls to a function; agent and run stay those around it. Dispose it in the method that opened it.</summary>
    /// <param name="function">The function that calls are attributed to in the ledger, such as <c>plugin-function</c>.</param>
    public static SpendGuardScope BeginFunction(string function)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(function);
        return Open(Current?.Agent, Current?.Run, function, Current?.CappedRun);
    }

    /// <summary>Closes the scope; the one around it is in force again. A scope within it that is still open stays in force.</summary>
    /// <exception cref="InvalidOperationException">The scope was lost: calls have counted for another agent.</exception>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Ambient.Value = Ambient.Value is { } frames && frames.Has(this)
            ? frames.Without(this)
            : throw new InvalidOperationException(
                $"The scope of {(Agent is { } agent ? $"agent '{agent}'" : $"function '{Function}'")} is not in force where it is disposed of. It was opened in an "
                + "iterator that has yielded since, or in an asynchronous method that has returned, and calls after that did not count for it. Open "
                + "and dispose of a scope in one method, without a yield in between; or call through client.ForAgent(…), which works in both.");
    }

    private static SpendGuardScope Open(AgentId? agent, RunId? run, string? function, SpendGuardRun? cappedRun)
    {
        var scope = new SpendGuardScope(agent, run ?? cappedRun?.Id, function, cappedRun);
        Ambient.Value = new Frame(scope, Ambient.Value);
        return scope;
    }

    /// <summary>A scope and those around it, as one flow sees them. What other flows close stays open here.</summary>
    private sealed record Frame(SpendGuardScope Scope, Frame? Outer)
    {
        public bool Has(SpendGuardScope scope) => Scope == scope || (Outer?.Has(scope) ?? false);

        public Frame? Without(SpendGuardScope scope) => Scope == scope ? Outer : this with { Outer = Outer?.Without(scope) };
    }
}
