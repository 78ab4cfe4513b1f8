namespace SpendGuard.Budgets;

/// <summary>What opens, holds and books in one account.</summary>
internal static class AccountRules
{
    /// <summary>The account of a limit at a time: the one that is open, or a new one where there is none or its window is over.</summary>
    /// <param name="node">The node whose limit it is.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="last">The limit's last account; null where it has none.</param>
    /// <param name="now">The time. One before the last account began opens no earlier one.</param>
    public static Account Open(NodeId node, Limit limit, Account? last, DateTimeOffset now)
    {
        if (last is null || now >= last.Until)
        {
            var (from, until) = limit.Window.Period is { } period
                ? CalendarTime.WindowAt(period, CalendarTime.FindZone(limit.Window.Zone!), now)
                : (now, default(DateTimeOffset?));
            return new Account
            {
                Node = node,
                Limit = limit.Window.Name,
                Number = (last?.Number ?? 0) + 1,
                From = from,
                Until = until,
                Length = limit.Window.Length,
                Amount = limit.Amount,
                Granted = limit.Amount,
                Thresholds = limit.Thresholds,
            };
        }

        var account = At(last, now);
        return Keep(account with { Amount = limit.Amount + account.Raises.Total, Thresholds = limit.Thresholds });
    }

    /// <summary>The account of a run's own limit, given by its first call.</summary>
    public static Account OpenRun(AgentId agent, RunId run, Money limit, DateTimeOffset now) => new()
    {
        Node = agent,
        Limit = NameOf(run),
        Number = 1,
        From = now,
        Amount = limit,
        Granted = limit,
        Thresholds = AlertThresholds.None,
    };

    /// <summary>What the account of a run's own limit goes by.</summary>
    public static string NameOf(RunId run) => $"run:{run}";

    /// <summary>The open account after its limit was changed: it ends when the limit now says, and keeps what it has spent.</summary>
    public static Account Change(Account open, Limit limit, DateTimeOffset now)
    {
        var account = At(open, now);
        var raises = account.Raises.Outlasting(limit.Amount);
        return Keep(account with
        {
            Amount = limit.Amount + raises.Total,
            Until = limit.Window.Period is { } period ? CalendarTime.WindowAt(period, CalendarTime.FindZone(limit.Window.Zone!), Later(open.From, now)).Until : null,
            Thresholds = limit.Thresholds,
            Raises = raises,
            Approval = null,
        });
    }

    /// <summary>The account with a raise, which answers the request for approval that was left in it.</summary>
    public static Account Raised(Account account, Raise raise) => Keep(account with
    {
        Amount = account.Amount + raise.Amount,
        Raises = account.Raises.With(raise),
        Approval = null,
    });

    /// <summary>The account after its limit was removed: should it be set again, what was approved for it is over.</summary>
    public static Account WithoutRaises(Account account) => Keep(account with
    {
        Amount = account.Amount - account.Raises.Total,
        Raises = Raises.None,
        Approval = null,
    });

    /// <summary>The account as of a time: without raises that have ended, and of a rolling window without what counts no more.</summary>
    public static Account At(Account account, DateTimeOffset now)
    {
        var lasting = WithoutEnded(account, now);
        if (lasting.Length is not { } length || lasting.Slices is null)
        {
            return Keep(lasting);
        }

        var slices = SlicesOf(lasting).At(now, length);
        return Keep(lasting with { Slices = slices.ToString(), Spent = slices.CountedAt(now, length) });
    }

    public static Account Hold(Account account, Money amount) => account with { Held = account.Held + amount };

    /// <summary>Books the end of a reservation that was made in it, or another end in the place of one.</summary>
    /// <param name="account">The account, whatever window it is by now.</param>
    /// <param name="before">The reservation before.</param>
    /// <param name="charge">What it is booked at from now on.</param>
    /// <param name="now">The time.</param>
    public static Account Book(Account account, Reservation before, Money charge, DateTimeOffset now)
    {
        var released = before.End == ReservationEnd.None ? before.Held : Money.Zero;
        var lasting = WithoutEnded(account, now);
        var next = lasting with { Held = account.Held - released, Spent = account.Spent - before.Charged + charge };
        if (account.Length is { } length)
        {
            var slices = SlicesOf(account).At(now, length).Book(before.Charged, before.EndedAt, charge, now, length);
            next = next with { Slices = slices.ToString(), Spent = slices.CountedAt(now, length) };
        }

        return Keep(next);
    }

    /// <summary>
    /// When so much less is spent that an amount fits, if nothing else is spent; null where that never is, or is so already. Of a window of the
    /// calendar it is when the next begins, whether the amount fits that or not.
    /// </summary>
    public static DateTimeOffset? ResetsAt(Account account, Money needed, DateTimeOffset now)
    {
        if (account.Length is not { } length)
        {
            return account.Until;
        }

        // A raise that ends before so much is free takes its room along.
        var ends = account.Raises.Select(raise => raise.Until).OfType<DateTimeOffset>().Where(end => end > now).Distinct().Order();
        var slices = SlicesOf(account);
        DateTimeOffset? from = null;
        foreach (var end in ends.Append(DateTimeOffset.MaxValue))
        {
            var amount = WithoutEnded(account, from ?? now).Amount;
            if (needed > amount)
            {
                return null;
            }

            var free = slices.FreeAt(amount - needed, from ?? now, length) ?? from;
            if (free is null || free < end)
            {
                return free;
            }

            from = end;
        }

        return null;
    }

    /// <summary>The first time, from one on, at which an amount fits, if nothing else is spent; null where it never does.</summary>
    public static DateTimeOffset? FitsFrom(Account account, Money needed, DateTimeOffset from)
    {
        // A raise does not outlast a window of the calendar.
        var fitsNext = needed <= account.Amount - account.Raises.Total;
        if (from >= account.Until)
        {
            return fitsNext ? from : null;
        }

        var then = At(account, from);
        return needed <= then.Attainable ? from
            : account.Length is null && !fitsNext ? null
            : ResetsAt(then, needed, from);
    }

    /// <summary>When none of what is spent by now counts any more; null where that never is, or is so already.</summary>
    public static DateTimeOffset? EmptyAt(Account account, DateTimeOffset now) =>
        account.Length is { } length ? SlicesOf(account).FreeAt(Money.Zero, now, length) : account.Until;

    /// <summary>Beyond the amount is granted only what was spent and held when it was lowered, and no more of that once it is less.</summary>
    private static Account Keep(Account account)
    {
        var committed = account.Spent + account.Held;
        var granted = committed <= account.Amount ? account.Amount : Money.Max(account.Amount, Money.Min(account.Granted, committed));
        return granted == account.Granted ? account : account with { Granted = granted };
    }

    private static Account WithoutEnded(Account account, DateTimeOffset now) => account.Raises.EndedAt(now) is var ended && ended == Money.Zero
        ? account
        : account with { Amount = account.Amount - ended, Raises = account.Raises.At(now) };

    private static Slices SlicesOf(Account account) => account.Slices is { } text ? Slices.Parse(text) : Slices.Empty;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
