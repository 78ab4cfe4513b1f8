namespace SpendGuard.Budgets;

/// <summary>What the refusal of a call says that has tripped a breaker.</summary>
internal static class BreakerSentence
{
    /// <summary>What the call needed, and when the limit has room for it; nothing of a call that found its agent paused, or that was one too many of the same.</summary>
    public static string Of(BudgetAnswer answer, Money needed, CallNeed need, DateTimeOffset now) =>
        answer.Account is { } account ? $"T{need.Says(needed)[1..]}{AccountSentence.Reset(account, AccountRules.ResetsAt(account, needed, now))}"
        : answer is { Node.Pause.By: NodeRules.Breaker, Budget: { Action: LimitAction.Pause } budget } && needed > budget.Attainable ? $"T{need.Says(needed)[1..]}"
        : "";
}
