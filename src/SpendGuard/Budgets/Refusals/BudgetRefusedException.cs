using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>The call was refused by its agent's budget, or by what its run may cost. The provider has seen nothing of it.</summary>
public abstract class BudgetRefusedException : SpendGuardException
{
    private protected BudgetRefusedException(string message, AgentId agent, Budget? budget, Money required, RunId? run = null)
        : base(message)
    {
        Run = run;
        Agent = agent;
        Budget = budget;
        Required = required;
    }

    /// <summary>The agent whose budget refused, or whose run.</summary>
    public AgentId Agent { get; }

    /// <summary>The run that refused, because of what it may cost; null when it was the agent's budget.</summary>
    public RunId? Run { get; }

    /// <summary>The budget as it refused, of the run where that did; null when the agent has none.</summary>
    public Budget? Budget { get; }

    /// <summary>The least that the call had to hold: its input and the least useful output.</summary>
    public Money Required { get; }
}
