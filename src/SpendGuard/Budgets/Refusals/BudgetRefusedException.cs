using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>The call was refused by its agent's budget, or by what its run may cost. The provider has seen nothing of it, unless a pause has cut it in flight.</summary>
public abstract class BudgetRefusedException : SpendGuardException
{
    private protected BudgetRefusedException(
        string message, AgentId agent, Budget? budget, Money required, RunId? run = null, Account? account = null, DateTimeOffset? resetsAt = null,
        DateTimeOffset? fitsAt = null)
        : base(message)
    {
        Account = account;
        ResetsAt = resetsAt;
        FitsAt = fitsAt;
        Run = run;
        Agent = agent;
        Budget = budget;
        Required = required;
    }

    /// <summary>The agent whose budget refused, or whose run.</summary>
    public AgentId Agent { get; }

    /// <summary>The run that refused, because of what it may cost; null when it was the agent's budget.</summary>
    public RunId? Run { get; }

    /// <summary>The budget as it refused, of the run where that did; null when the agent has none, or where it is not known.</summary>
    public Budget? Budget { get; }

    /// <summary>The limit that refused, by its account as it was: of the agent, of a group above it, or of the run; null where the budget did.</summary>
    public Account? Account { get; }

    /// <summary>When a limit that refused has room again, if nothing else is spent: its next window, or when enough has left a rolling one; null where that is never, or not known.</summary>
    public DateTimeOffset? ResetsAt { get; }

    /// <summary>
    /// When the call fits the limit that refused and all else that it has to fit, if nothing else is spent; null where it never does, or that is
    /// not known.
    /// </summary>
    [Experimental(ApiTier.Adapters)]
    public DateTimeOffset? FitsAt { get; }

    /// <summary>What was left for the call, if all that is held came back.</summary>
    [Experimental(ApiTier.Adapters)]
    public Money Left => Account?.Attainable ?? Budget?.Attainable ?? Money.Zero;

    /// <summary>The least that the call had to hold: its input and the least useful output.</summary>
    public Money Required { get; }
}
