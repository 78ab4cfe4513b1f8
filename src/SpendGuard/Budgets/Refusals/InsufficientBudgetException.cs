using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>The call would not fit the budget even if all that is held came back. Only a top-up helps, or a run that may cost more.</summary>
public sealed class InsufficientBudgetException : BudgetRefusedException
{
    internal InsufficientBudgetException(AgentId agent, Budget budget, Money required, CallNeed need = default, Approval? approval = null)
        : base(
            $"Insufficient budget: {BudgetSentence.Left(agent, budget, budget.Attainable)}, and {need.Says(required)}"
            + $"{(budget.Overdrawn ? "The budget is overdrawn and closed. " : "")}{(approval is null ? BudgetSentence.WayOut(budget, need) : ApprovalSentence.WayOut(approval, need))}",
            agent, budget, required) => (IsByBytes, Approval, IsDenied) = (need.IsByBytes, approval?.Id, approval?.State == ApprovalState.Denied);

    internal InsufficientBudgetException(RunId run, Budget budget, Money required, CallNeed need)
        : base(
            $"Insufficient budget: run '{run}' of agent '{budget.Agent}' may cost {budget.Granted} in all, of which {budget.Spent} is spent and calls in flight hold "
            + $"{budget.Held}, and {need.Says(required)}"
            + $"{(budget.Overdrawn ? "The run is overdrawn and closed. " : "")}Begin a run with a higher maxCost, or make the call smaller.",
            budget.Agent, budget, required, run) => IsByBytes = need.IsByBytes;

    internal InsufficientBudgetException(
        AgentId agent, Budget? budget, Account account, DateTimeOffset? resetsAt, DateTimeOffset? fitsAt, Money required, CallNeed need, Approval? approval)
        : base(
            $"Insufficient budget: {AccountSentence.Left(account, agent, account.Attainable)}, and {need.Says(required)}"
            + $"{(account.Overdrawn ? "The limit is overdrawn. " : "")}{AccountSentence.Reset(account, account.Until is null ? fitsAt : resetsAt)}{(approval is null ? AccountSentence.WayOut(account, need) : ApprovalSentence.WayOut(approval, need))}",
            agent, budget, required, run: null, account, resetsAt, fitsAt) => (IsByBytes, Approval, IsDenied) = (need.IsByBytes, approval?.Id, approval?.State == ApprovalState.Denied);

    /// <summary>The request for approval that the call has left, or that waits already for the limit that is full; null where that asks for none.</summary>
    public ApprovalId? Approval { get; }

    /// <summary>Whether <see cref="BudgetRefusedException.Required"/> goes by the bytes of the input, whose exact count is not known and may be far less.</summary>
    [Experimental(ApiTier.Adapters)]
    public bool IsByBytes { get; }

    /// <summary>Whether the request was denied, so that it helps not to wait.</summary>
    internal bool IsDenied { get; }
}
