using System.Globalization;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <summary>The audit of accounts: each is added up anew from the reservations that were made in it, in flight and ended.</summary>
internal static class AccountBooks
{
    /// <summary>Audits what a store shows: the last account of each limit that is in force.</summary>
    public static async Task AssertBalancedAsync(IBudgetStore store, IReadOnlyList<Reservation> reservations)
    {
        var nodes = (await store.ListNodesAsync(after: null, int.MaxValue, default)).Select(state => state.Node.Id)
            .Union(reservations.SelectMany(reservation => reservation.Accounts).Select(key => key.Node));
        var accounts = new Dictionary<AccountKey, Account>();
        foreach (var node in nodes)
        {
            var path = await store.FindPathAsync(node, default);
            Assert.NotEmpty(path);
            foreach (var account in path[0].Limits.Select(limit => limit.Account).OfType<Account>())
            {
                accounts[account.Key] = account;
            }
        }

        AssertBalanced(accounts.Values, reservations);
    }

    /// <summary>Audits all accounts that a store has ever kept.</summary>
    public static void AssertComplete(IReadOnlyCollection<Account> accounts, IReadOnlyList<Reservation> reservations)
    {
        var kept = accounts.Select(account => account.Key).ToHashSet();
        Assert.All(reservations, reservation => Assert.All(reservation.Accounts, key => Assert.Contains(key, kept)));
        AssertBalanced(accounts, reservations);
    }

    private static void AssertBalanced(IEnumerable<Account> accounts, IReadOnlyList<Reservation> reservations)
    {
        var made = reservations.SelectMany(reservation => reservation.Accounts, (reservation, key) => (reservation, key)).ToLookup(pair => pair.key, pair => pair.reservation);
        Assert.All(accounts, account => AssertFollows(account, [.. made[account.Key]]));
    }

    private static void AssertFollows(Account account, IReadOnlyList<Reservation> made)
    {
        Assert.Equal(Sum(made.Where(IsInFlight).Select(reservation => reservation.Held)), account.Held);
        Assert.True(account.Granted >= account.Amount, $"{account.Key} grants less than its limit.");
        var ended = made.Where(reservation => !IsInFlight(reservation)).ToList();
        Assert.All(ended, reservation => Assert.NotNull(reservation.EndedAt));
        if (account.Length is { } length)
        {
            AssertSlicesFollow(account, length, ended);
        }
        else
        {
            Assert.Equal(Sum(ended.Select(reservation => reservation.Charged)), account.Spent);
        }

        // More than was granted only where a provider billed more than was held; or, of a rolling window, where what a forfeit was booked at
        // long ago counts anew because the call turned out to have ended later.
        Assert.True(
            account.Spent + account.Held <= account.Granted
            || ended.Any(reservation => reservation.Charged > reservation.Held || (account.Length is not null && reservation.Charged == reservation.Held)),
            $"{account.Key} exceeds what was granted.");
    }

    /// <summary>Each slice that is kept has what was booked in it, none is missing but those that have been dropped, and the newest are what counts.</summary>
    private static void AssertSlicesFollow(Account account, TimeSpan length, IReadOnlyList<Reservation> ended)
    {
        var parts = (account.Slices ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);
        var hasDropped = parts.Length > 0 && !parts[0].Contains(':', StringComparison.Ordinal);
        var dropped = hasDropped ? long.Parse(parts[0], CultureInfo.InvariantCulture) : 0;
        var kept = parts.Skip(hasDropped ? 1 : 0).Select(part => part.Split(':'))
            .ToDictionary(part => long.Parse(part[0], CultureInfo.InvariantCulture), part => Money.FromMicrocents(long.Parse(part[1], CultureInfo.InvariantCulture)));
        var ticks = (length.Ticks + 59) / 60;
        var booked = ended.GroupBy(reservation => reservation.EndedAt!.Value.UtcTicks / ticks)
            .Select(slice => (Index: slice.Key, Amount: Sum(slice.Select(reservation => reservation.Charged))))
            .Where(slice => slice.Amount > Money.Zero && slice.Index >= dropped);
        Assert.Equal(booked.OrderBy(slice => slice.Index), kept.Where(slice => slice.Key >= dropped).Select(slice => (slice.Key, slice.Value)).OrderBy(slice => slice.Key));
        var newestFirst = kept.OrderByDescending(slice => slice.Key).Select(slice => slice.Value).ToList();
        Assert.Contains(account.Spent, Enumerable.Range(0, newestFirst.Count + 1).Select(count => Sum(newestFirst.Take(count))));
    }

    private static bool IsInFlight(Reservation reservation) => reservation.End == ReservationEnd.None;

    private static Money Sum(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (sum, amount) => sum + amount);
}
