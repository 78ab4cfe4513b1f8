using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>The call would not fit the budget even if all that is held came back. Only a top-up helps.</summary>
public sealed class InsufficientBudgetException : BudgetRefusedException
{
    internal InsufficientBudgetException(AgentId agent, Budget budget, Money required, string? whyMore = null)
        : base(
            $"Insufficient budget: agent '{agent}' has {budget.Attainable} left of {budget.HardLimit}, and the call needs at least "
            + $"{required}. {(whyMore is null ? "" : whyMore + " ")}{(budget.Overdrawn ? "The budget is overdrawn and closed. " : "")}Top the budget up, or make the call smaller.",
            agent, budget, required)
    {
    }
}
