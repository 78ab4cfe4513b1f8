using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Budgets;

/// <summary>What a budget or a limit comes to, to people: what was granted is what is spent, held and left.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Granted">All that was granted and was not taken back.</param>
/// <param name="Spent">What ended calls cost.</param>
/// <param name="Held">What calls in flight hold.</param>
internal sealed record Figures(Money Limit, Money Granted, Money Spent, Money Held)
{
    /// <summary>What the next call can hold.</summary>
    public Money Left => Granted - Spent - Held;

    public static Figures Of(BudgetView budget)
    {
        var spent = Money.FromMicrocents(budget.SpentMicrocents ?? 0);
        return new Figures(budget.HardLimit, spent + budget.Remaining, spent, Money.FromMicrocents(budget.HeldMicrocents ?? 0));
    }

    public static Figures Of(LimitView limit)
    {
        var spent = Exact(limit.SpentMicrocents, limit.SpentCents);
        return new Figures(
            Exact(limit.AmountMicrocents, limit.AmountCents), spent + Exact(limit.LeftMicrocents, limit.LeftCents), spent, Exact(limit.HeldMicrocents, limit.HeldCents));
    }

    private static Money Exact(long? microcents, long cents) => microcents is { } exact ? Money.FromMicrocents(exact) : Money.FromCents(cents);
}
