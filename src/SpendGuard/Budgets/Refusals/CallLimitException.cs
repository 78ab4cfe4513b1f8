using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>A tool was called as often as it may be, and was not run once more.</summary>
public sealed class CallLimitException : BudgetRefusedException
{
    /// <summary>Refuses a call.</summary>
    /// <param name="tool">The tool, such as <c>plugin-function</c>.</param>
    /// <param name="limit">How often it may be called.</param>
    /// <param name="agent">The agent that calls it.</param>
    /// <param name="budget">The agent's budget; null when it has none.</param>
    public CallLimitException(string tool, int limit, AgentId agent, Budget? budget)
        : base(
            $"Call limit: '{tool}' has been called {limit} times, which is all it may be"
            + (budget is null ? "." : $"; {BudgetSentence.Left(agent, budget, budget.Remaining)}.")
            + " Raise the limit of the tool, or do without it.",
            agent, budget, Money.Zero)
    {
        Tool = tool;
        Limit = limit;
    }

    /// <summary>The tool that was called too often.</summary>
    public string Tool { get; }

    /// <summary>How often it may be called.</summary>
    public int Limit { get; }
}
