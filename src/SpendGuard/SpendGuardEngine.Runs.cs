using System.Diagnostics.CodeAnalysis;

namespace SpendGuard;

/// <content>The runs that may cost no more than an amount.</content>
public sealed partial class SpendGuardEngine
{
    /// <summary>Begins a run that may cost no more than an amount: <c>using var run = engine.BeginRun("researcher", maxCost: Money.FromDollars(2))</c>.</summary>
    /// <param name="agent">The agent that its calls count for. Its budget holds as well.</param>
    /// <param name="maxCost">
    /// What all calls of the run may cost together. A call that does not fit is refused with an <see cref="InsufficientBudgetException"/>; one
    /// that would fit once calls of the run end waits for them.
    /// </param>
    /// <param name="run">The id of the run in the ledger; a new one when null.</param>
    /// <returns>The run. Dispose it in the method that began it.</returns>
    /// <remarks>
    /// The cap is this process's, and ends with the scope. Within another run with a cap, both hold. What the run has so far, its
    /// <see cref="SpendGuardRun.Budget"/> says.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative.</exception>
    [SuppressMessage("Performance", "CA1822", Justification = "What a run may cost is asked of the engine, as budgets are.")]
    public SpendGuardRun BeginRun(AgentId agent, Money maxCost, RunId? run = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCost, Money.Zero);
        return new SpendGuardRun(agent, run ?? Guid.NewGuid().ToString(), maxCost);
    }
}
