using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>
/// The call was refused because there is no budget for it: its agent has none, was deleted, or is not known by the id. No budget is not an
/// unlimited one.
/// </summary>
public sealed class BudgetNotFoundException : BudgetRefusedException
{
    /// <param name="agent">The id that the call came with.</param>
    /// <param name="required">The least that the call had to hold.</param>
    /// <param name="known">The agent of that id, deleted or not; null when there never was one.</param>
    internal BudgetNotFoundException(AgentId agent, Money required, Agent? known)
        : base($"Budget not found: {CauseOf(agent, known)}", agent, budget: null, required)
    {
    }

    private static string CauseOf(AgentId agent, Agent? known) => known switch
    {
        null => $"there is no agent with the id '{agent}', and so no budget. An agent goes by its id, not by its name: call with the id, or set a budget for this one first.",
        { DeletedAt: not null } => $"agent '{agent}' was deleted, and its budget closed for good. Call with another agent.",
        _ => $"agent '{agent}' has no budget, so it can spend nothing. Set one first.",
    };
}
