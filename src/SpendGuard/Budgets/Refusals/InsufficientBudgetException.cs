using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>The call would not fit the budget even if all that is held came back. Only a top-up helps, or a run that may cost more.</summary>
public sealed class InsufficientBudgetException : BudgetRefusedException
{
    internal InsufficientBudgetException(AgentId agent, Budget budget, Money required, string? whyMore = null)
        : base(
            $"Insufficient budget: agent '{agent}' has {budget.Attainable} left of {budget.HardLimit}, and the call needs at least "
            + $"{required}. {(whyMore is null ? "" : whyMore + " ")}{(budget.Overdrawn ? "The budget is overdrawn and closed. " : "")}Top the budget up, or make the call smaller.",
            agent, budget, required)
    {
    }

    internal InsufficientBudgetException(RunId run, Budget budget, Money required, string? whyMore)
        : base(
            $"Insufficient budget: run '{run}' of agent '{budget.Agent}' may cost {budget.Granted} in all, of which {budget.Spent} is spent and calls in flight hold "
            + $"{budget.Held}, and the call needs at least {required}. {(whyMore is null ? "" : whyMore + " ")}"
            + $"{(budget.Overdrawn ? "The run is overdrawn and closed. " : "")}Begin a run with a higher maxCost, or make the call smaller.",
            budget.Agent, budget, required, run)
    {
    }
}
