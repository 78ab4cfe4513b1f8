namespace SpendGuard;

/// <summary>The call was refused because its agent has no budget. No budget is not an unlimited one.</summary>
public sealed class BudgetNotFoundException : BudgetRefusedException
{
    internal BudgetNotFoundException(AgentId agent, Money required)
        : base($"Budget not found: agent '{agent}' has no budget, so it can spend nothing. Set one first.", agent, budget: null, required)
    {
    }
}
