using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>The call was refused by its agent's budget. The provider has seen nothing of it.</summary>
public abstract class BudgetRefusedException : SpendGuardException
{
    private protected BudgetRefusedException(string message, AgentId agent, Budget? budget, Money required)
        : base(message)
    {
        Agent = agent;
        Budget = budget;
        Required = required;
    }

    /// <summary>The agent whose budget refused.</summary>
    public AgentId Agent { get; }

    /// <summary>The budget as it refused; null when the agent has none.</summary>
    public Budget? Budget { get; }

    /// <summary>The least that the call had to hold: its input and the least useful output.</summary>
    public Money Required { get; }
}
