using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>The call would fit the budget once calls in flight end, but none ended in time.</summary>
public sealed class BudgetLockedException : BudgetRefusedException
{
    /// <param name="agent">The agent.</param>
    /// <param name="budget">Its budget.</param>
    /// <param name="required">The least that the call had to hold.</param>
    /// <param name="retryAfter">When to try again.</param>
    /// <param name="expiresIn">When the first hold ends by itself unless it is renewed; null when none is left.</param>
    internal BudgetLockedException(AgentId agent, Budget budget, Money required, TimeSpan retryAfter, TimeSpan? expiresIn)
        : base(
            $"Agent budget is locked by an in-flight run: agent '{agent}' has {budget.Remaining} left, of which calls in flight {(budget.Batches > 0 ? "and batches " : "")}hold "
            + $"{budget.Held}, and {CauseOf(budget, required)}{EndOf(expiresIn)} Try again in {retryAfter.TotalSeconds:0} s.",
            agent, budget, required) => RetryAfter = retryAfter;

    /// <param name="agent">The agent.</param>
    /// <param name="budget">Its budget, of which batches alone hold something.</param>
    /// <param name="required">The least that was to be held.</param>
    /// <param name="expiresIn">When the first hold ends by itself.</param>
    internal BudgetLockedException(AgentId agent, Budget budget, Money required, TimeSpan expiresIn)
        : base(
            $"Agent budget is locked by batches: agent '{agent}' has {budget.Remaining} left, of which batches hold {budget.Held} until their results are fetched, the "
            + $"first for {Math.Max(1, Math.Ceiling(expiresIn.TotalHours)):0} h at most, and at least {required} is needed. Fetch the results of one that has ended, cancel "
            + "one, or top the budget up.",
            agent, budget, required) => RetryAfter = expiresIn;

    /// <param name="run">The run.</param>
    /// <param name="budget">What it has of what it may cost.</param>
    /// <param name="required">The least that the call had to hold.</param>
    /// <param name="retryAfter">When to try again.</param>
    internal BudgetLockedException(RunId run, Budget budget, Money required, TimeSpan retryAfter)
        : base(
            $"Run is locked by its calls in flight: run '{run}' of agent '{budget.Agent}' may cost {budget.Granted} in all, of which {budget.Spent} is spent and calls in "
            + $"flight hold {budget.Held}, and {CauseOf(budget, required)} Try again in {retryAfter.TotalSeconds:0} s.",
            budget.Agent, budget, required, run) => RetryAfter = retryAfter;

    /// <param name="agent">The agent.</param>
    /// <param name="budget">Its budget; null where it has none.</param>
    /// <param name="account">The account that calls in flight hold.</param>
    /// <param name="required">The least that the call had to hold.</param>
    /// <param name="retryAfter">When to try again.</param>
    internal BudgetLockedException(AgentId agent, Budget? budget, Account account, Money required, TimeSpan retryAfter)
        : base(
            $"Locked by calls in flight: {AccountSentence.Left(account, agent, account.Attainable)}, of which they hold {account.Held}, and the call needs at least {required}. "
            + $"Wait for one to end, or give calls a lower output cap, so that each holds less. Try again in {retryAfter.TotalSeconds:0} s.",
            agent, budget, required, run: null, account) => RetryAfter = retryAfter;

    /// <summary>When to try again. A call in flight may end at any moment, so it is soon, and says nothing of when one does; a batch's hold ends by then.</summary>
    public TimeSpan RetryAfter { get; }

    /// <summary>Whether there are no calls whose end could be waited for: batches hold it, for hours.</summary>
    [Experimental(ApiTier.Adapters)]
    public bool IsByBatches => Run is null && Account is null && Budget!.OnlyBatches;

    private static string CauseOf(Budget budget, Money required) => budget.IsFull
        ? $"no more than {budget.MaxInFlight} may be in flight at once. Wait for one to end, or raise the budget's max_in_flight."
        : $"the call needs at least {required}. Wait for one to end, or give calls a lower output cap, so that each holds less.";

    /// <summary>In whole minutes: a figure must not read like a status to clients that search the sentence for one.</summary>
    private static string EndOf(TimeSpan? expiresIn) => expiresIn is { } time
        ? $" What a process holds that was killed ends by itself, the first within {Math.Max(1, Math.Ceiling(time.TotalMinutes)):0} min."
        : "";
}
