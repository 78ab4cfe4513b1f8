using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>One cap on a node: an amount, and the time that it is for. A node may have several; each call under it has to fit them all.</summary>
/// <remarks>
/// A call counts in the window in which it is held, also where it ends in the next. Of a rolling window it counts from when it is held until the
/// length is over after its end, and never too little. A limit that is changed applies at once; the open window keeps what it has spent.
/// </remarks>
public sealed record Limit
{
    private Limit(Money amount, LimitWindow window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, Money.Zero);
        Amount = amount;
        Window = window;
    }

    /// <summary>What all calls of one window may cost together.</summary>
    public Money Amount { get; }

    /// <summary>The time that it is for.</summary>
    public LimitWindow Window { get; }

    /// <summary>What happens when a call does not fit.</summary>
    public LimitAction Action { get; private init; }

    /// <summary>At which percentages of the amount an alert is raised; 80 and 100 unless said.</summary>
    [Experimental(ApiTier.Stores)]
    public AlertThresholds Thresholds { get; private init; } = AlertThresholds.Default;

    /// <summary>A limit for all time. An agent's is its budget: <see cref="SpendGuardEngine.SetBudgetAsync"/> tops it up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative.</exception>
    public static Limit Total(Money amount) => new(amount, LimitWindow.Total);

    /// <summary>A limit for each day of a time zone's calendar.</summary>
    /// <param name="amount">The amount.</param>
    /// <param name="zone">The IANA name of a time zone, such as <c>Europe/Berlin</c>.</param>
    /// <exception cref="ArgumentException">The amount is negative, or the zone not known on this machine.</exception>
    public static Limit PerDay(Money amount, string zone = "UTC") => Of(amount, LimitWindow.Calendar(CalendarPeriod.Day, zone));

    /// <summary>A limit for each week, from Monday to Monday.</summary>
    /// <inheritdoc cref="PerDay"/>
    public static Limit PerWeek(Money amount, string zone = "UTC") => Of(amount, LimitWindow.Calendar(CalendarPeriod.Week, zone));

    /// <summary>A limit for each month of a time zone's calendar.</summary>
    /// <inheritdoc cref="PerDay"/>
    public static Limit PerMonth(Money amount, string zone = "UTC") => Of(amount, LimitWindow.Calendar(CalendarPeriod.Month, zone));

    /// <summary>A limit for each quarter of a time zone's calendar.</summary>
    /// <inheritdoc cref="PerDay"/>
    public static Limit PerQuarter(Money amount, string zone = "UTC") => Of(amount, LimitWindow.Calendar(CalendarPeriod.Quarter, zone));

    /// <summary>A limit for each year of a time zone's calendar.</summary>
    /// <inheritdoc cref="PerDay"/>
    public static Limit PerYear(Money amount, string zone = "UTC") => Of(amount, LimitWindow.Calendar(CalendarPeriod.Year, zone));

    /// <summary>A limit for any stretch of time of a length.</summary>
    /// <param name="amount">The amount.</param>
    /// <param name="length">From one second to 400 days, in whole seconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative, or the length not one of these.</exception>
    public static Limit Rolling(Money amount, TimeSpan length) => Of(amount, LimitWindow.Rolling(length));

    /// <summary>A limit for a window.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative.</exception>
    public static Limit Of(Money amount, LimitWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        return new Limit(amount, window);
    }

    /// <summary>The same as a breaker: what does not fit pauses the node until somebody resumes it.</summary>
    public Limit ThatPauses() => this with { Action = LimitAction.Pause };

    /// <summary>The same, and a call that does not fit leaves a request for approval: who may approve raises the limit for a time.</summary>
    public Limit ThatAsks() => this with { Action = LimitAction.Ask };

    /// <summary>The same with alerts at other percentages of the amount, each raised once a window when what is spent reaches it.</summary>
    /// <param name="percentages">Each 1 to 100, and no more than 8 of them; none for no alerts.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not 1 to 100, or there are more than 8.</exception>
    public Limit AlertingAt(params int[] percentages) => AlertingAt(new AlertThresholds(percentages));

    internal Limit AlertingAt(AlertThresholds thresholds) => this with { Thresholds = thresholds };
}
