namespace SpendGuard.Budgets;

/// <summary>A limit and its open account, as the next call would meet it.</summary>
public sealed class LimitBudget
{
    internal LimitBudget(Limit limit, Account account) => (Limit, Account) = (limit, account);

    /// <summary>The limit.</summary>
    public Limit Limit { get; }

    /// <summary>What is granted, spent and held in the window that is open.</summary>
    public Account Account { get; }
}
