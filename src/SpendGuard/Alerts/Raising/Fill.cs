using System.Globalization;
using SpendGuard.Budgets;

namespace SpendGuard.Alerts;

/// <summary>How full an account or a budget is at one moment, as alerts tell it.</summary>
internal sealed record Fill
{
    /// <summary>A limit that rolls faster is told of no more often than this: nobody reads an alert a second.</summary>
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromHours(1);

    public required NodeId Node { get; init; }

    /// <summary>Null for an agent's budget.</summary>
    public string? Limit { get; init; }

    /// <summary>Which window of it this is, and which amount in it: of what is told once, it is told anew in another.</summary>
    public required Func<string> Window { get; init; }

    public required Money Amount { get; init; }

    public required Money Spent { get; init; }

    public required Money Held { get; init; }

    public required bool IsOverdrawn { get; init; }

    public required AlertThresholds Thresholds { get; init; }

    /// <summary>Of an account. One that rolls has no windows: there, it is every stretch of its length.</summary>
    public static Fill Of(Account account, DateTimeOffset now)
    {
        var current = AccountRules.At(account, now);
        return new Fill
        {
            Node = current.Node,
            Limit = current.Limit,
            Window = () => string.Create(CultureInfo.InvariantCulture, $"{current.Number} {PeriodOf(current, now)} {current.Amount.Microcents}"),
            Amount = current.Amount,
            Spent = current.Spent,
            Held = current.Held,
            IsOverdrawn = current.Overdrawn,
            Thresholds = current.Thresholds,
        };
    }

    /// <summary>Of an account before a command, with raises that have ended since it was last used: what it is full to by their end is new.</summary>
    public static Fill Before(Account kept, DateTimeOffset now) => Of(kept with { Raises = Raises.None }, now);

    /// <summary>
    /// Of an agent's budget; null where nobody has set it. What was topped up since counts from then: the amount is the limit, or what was granted
    /// where that is less, and what does not remain of it is spent.
    /// </summary>
    public static Fill? Of(Budget? budget)
    {
        if (budget is not { IsSet: true })
        {
            return null;
        }

        var granted = budget.Granted - budget.Raises.Owed;
        var amount = Money.Max(budget.Remaining, Money.Min(budget.RaisedLimit, granted));
        return new Fill
        {
            Node = budget.Agent,
            Window = () => string.Create(CultureInfo.InvariantCulture, $"{granted.Microcents} {budget.HardLimit.Microcents}"),
            Amount = amount,
            Spent = amount - budget.Remaining,
            Held = budget.Held,
            IsOverdrawn = budget.Overdrawn,
            Thresholds = budget.Thresholds,
        };
    }

    /// <summary>Whether there can be anything to tell of an account. Of nearly all it is not so, and that has to cost nothing.</summary>
    public static bool IsOfInterest(Account account) =>
        account.Overdrawn || (account.Thresholds is [var lowest, ..] && IsReached(lowest, account.Spent, account.Amount));

    /// <summary>The percentages that are reached. Of a limit of zero none is: it is full from the start, as whoever set it knows.</summary>
    public IEnumerable<int> Reached() => Amount > Money.Zero
        ? Thresholds.Where(percent => IsReached(percent, Spent, Amount))
        : [];

    /// <summary>The beginning of a window. It is not asked of one that has none: where nothing was ever held in it, that would be now.</summary>
    private static long PeriodOf(Account account, DateTimeOffset now) => account.Length is { } length
        ? now.UtcTicks / Math.Max(length.Ticks, ShortestPeriod.Ticks)
        : account.Until is null ? 0 : account.From.UtcTicks;

    private static bool IsReached(int percent, Money spent, Money amount) => (Int128)spent.Microcents * 100 >= (Int128)amount.Microcents * percent;
}
