using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>The call would fit the budget once calls in flight end, but none ended in time.</summary>
public sealed class BudgetLockedException : BudgetRefusedException
{
    internal BudgetLockedException(AgentId agent, Budget budget, Money required, TimeSpan retryAfter)
        : base(
            $"Agent budget is locked by an in-flight run: agent '{agent}' has {budget.Remaining} left, of which {budget.InFlight} "
            + $"calls in flight hold {budget.Held}, and the call needs at least {required}. Try again in {retryAfter.TotalSeconds:0} s.",
            agent, budget, required) => RetryAfter = retryAfter;

    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter { get; }
}
