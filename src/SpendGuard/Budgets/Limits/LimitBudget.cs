using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>A limit and its open account, as the next call would meet it.</summary>
public sealed class LimitBudget
{
    internal LimitBudget(Limit limit, Account account, DateTimeOffset? resetsAt) => (Limit, Account, ResetsAt) = (limit, account, resetsAt);

    /// <summary>The limit.</summary>
    public Limit Limit { get; }

    /// <summary>What is granted, spent and held in the window that is open.</summary>
    public Account Account { get; }

    /// <summary>When nothing is spent in it: the beginning of the next window; of a rolling one, when it is empty, if nothing else is spent. Null where that is never, or is so already.</summary>
    [Experimental(ApiTier.Adapters)]
    public DateTimeOffset? ResetsAt { get; }
}
