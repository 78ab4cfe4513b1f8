namespace SpendGuard.Budgets;

/// <summary>What a budget has, in the words of refusals.</summary>
internal static class BudgetSentence
{
    /// <summary>
    /// Such as <c>agent 'a' has $0.12 left of $5.00</c>. What is spent, held and left comes to what was granted: more than the limit after a
    /// top-up, less where only the limit was raised.
    /// </summary>
    public static string Left(AgentId agent, Budget budget, Money left) =>
        $"agent '{agent}' has {left} left of {budget.Granted}{(budget.Granted == budget.RaisedLimit ? "" : " granted")}";

    /// <summary>What makes the call fit, for whoever may do it.</summary>
    public static string WayOut(Budget budget, CallNeed need) =>
        $"Top the budget up{(budget.Granted < budget.RaisedLimit ? $" (its limit of {budget.RaisedLimit} grants nothing by itself)" : "")}, or make the {need.Who} smaller.";
}
