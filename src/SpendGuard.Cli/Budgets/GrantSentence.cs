using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Budgets;

/// <summary>Says what a set of a budget has granted, and where that is less than a person may expect, why.</summary>
internal static class GrantSentence
{
    /// <summary>The sentence; null where the budget was not set just now, or the sidecar does not tell.</summary>
    /// <param name="budget">The budget after it.</param>
    /// <param name="topUp">The top-up that was asked for.</param>
    public static string? Of(BudgetView budget, Money topUp)
    {
        if (budget.AddedMicrocents is not { } microcents)
        {
            return null;
        }

        var added = Money.FromMicrocents(microcents);
        return added < Money.Zero ? $"Took back {Money.Zero - added}, which was free above the limit."
            : topUp > Money.Zero && added < topUp ? $"Added {added} of {topUp}: what is left never passes the limit. With a higher one: {Command(budget)}"
            : added == Money.Zero && budget.Remaining < budget.HardLimit ? $"Added nothing: a limit grants nothing by itself. To add to what is left: {Command(budget)}"
            : added == Money.Zero ? "Added nothing: all of the limit is left."
            : $"Added {added}.";
    }

    private static string Command(BudgetView budget) => $"spendguard budget set --agent {budget.AgentId} --limit AMOUNT --topup AMOUNT";
}
