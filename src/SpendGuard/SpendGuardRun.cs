using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;
using SpendGuard.Calls.Runs;

namespace SpendGuard;

/// <summary>A run that may cost no more than an amount, however many calls it makes. Made by <see cref="SpendGuardEngine.BeginRun"/>.</summary>
/// <remarks>
/// <para>
/// It is a <see cref="SpendGuardScope"/> for its agent, so it flows with the caller's asynchronous context, and has to be disposed of in the
/// method that began it. Every call within it counts: those of other agents, of scopes and runs within it, of tools that have a price, further
/// attempts, and what was started within it and goes on when it has been disposed of. A stream counts for the run in which it was asked for.
/// The budgets of the agents hold as well.
/// </para>
/// <para>
/// The cap is kept in this process, for this object: another process, or another run of the same id, has a cap of its own, and none is left once
/// the process has ended. What the calls cost is in the ledger all the same, under the id of the run.
/// </para>
/// </remarks>
public sealed class SpendGuardRun : IDisposable
{
    private readonly SpendGuardScope _scope;

    internal SpendGuardRun(AgentId agent, RunId id, Money maxCost)
    {
        Agent = agent;
        Id = id;
        MaxCost = maxCost;
        Outer = Current;
        Account = new RunAccount(id, new Budget { Agent = agent, HardLimit = maxCost, Granted = maxCost }, Outer?.Account);
        _scope = SpendGuardScope.BeginIn(this, agent, id);
    }

    /// <summary>The innermost run with a cap around the caller; null where there is none.</summary>
    public static SpendGuardRun? Current => SpendGuardScope.Current?.CappedRun;

    /// <summary>The run with a cap around this one, which holds as well; null where there is none.</summary>
    [Experimental(ApiTier.Adapters)]
    public SpendGuardRun? Outer { get; }

    /// <summary>The agent that calls within count for, where no scope within says another.</summary>
    public AgentId Agent { get; }

    /// <summary>The id that the ledger has the run under.</summary>
    public RunId Id { get; }

    /// <summary>What all calls within may cost together.</summary>
    public Money MaxCost { get; }

    /// <summary>What of it is spent, held and left at this moment.</summary>
    /// <remarks>A call that cost more than was held for it is booked whole: the run may be overdrawn by it, and is closed then.</remarks>
    public Budget Budget => Account.Budget;

    internal RunAccount Account { get; }

    /// <summary>Ends the run for this flow: the scope around it is in force again.</summary>
    /// <exception cref="InvalidOperationException">It was lost, as a <see cref="SpendGuardScope"/> can be: calls have not counted for it.</exception>
    public void Dispose() => _scope.Dispose();
}
