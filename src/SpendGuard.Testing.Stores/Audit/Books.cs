using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <summary>The audit: what a store says of an agent must follow from its ledger, entry by entry, and what it says of an account from the reservations made in it.</summary>
internal static class Books
{
    /// <summary>Replays the whole ledger and compares what comes out with the budgets, the reservations and the accounts.</summary>
    public static async Task AssertBalancedAsync(IBudgetStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var entries = await store.ReadLedgerAsync(0, agent: null, int.MaxValue, default);
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(number => (long)number), entries.Select(entry => entry.Sequence));
        Assert.All(entries.Where(entry => entry.Agent is null), AssertIsOfAGroup);
        foreach (var agent in entries.Where(entry => entry.Agent is not null).GroupBy(entry => entry.Agent!.Value))
        {
            Assert.All(agent, entry => Assert.Null(entry.Group));
            var (held, booked) = LedgerReplay.Of([.. agent]);
            var last = agent.Last();
            var budget = await store.FindBudgetAsync(agent.Key, default);
            Assert.True(budget is not null || agent.All(entry => entry.Reservation is null), $"{agent.Key} has made calls, and has no budget.");
            Assert.Equal(
                (last.HardLimit, last.Granted, last.Spent, last.Held),
                (budget?.HardLimit ?? Money.Zero, budget?.Granted ?? Money.Zero, budget?.Spent ?? Money.Zero, budget?.Held ?? Money.Zero));
            Assert.Equal(held.Count, budget?.InFlight ?? 0);
            var inFlight = await store.FindInFlightAsync(expiredAt: null, agent.Key, int.MaxValue, default);
            Assert.Equal(held.Keys.Order(), inFlight.Select(reservation => reservation.Id.Value).Order());
            foreach (var (id, amount) in booked)
            {
                var reservation = await store.FindReservationAsync(new ReservationId(id), default);
                Assert.NotNull(reservation);
                Assert.NotEqual(ReservationEnd.None, reservation.End);
                Assert.Equal(amount, reservation.Charged);
            }
        }

        await AccountBooks.AssertBalancedAsync(store, await ReservationsAsync(store, entries));
    }

    /// <summary>Every reservation that the ledger knows of, in flight or ended.</summary>
    public static async Task<IReadOnlyList<Reservation>> ReservationsAsync(IBudgetStore store, IReadOnlyList<LedgerEntry> entries)
    {
        var reservations = new List<Reservation>();
        foreach (var entry in entries.Where(entry => entry.Kind == LedgerEntryKind.Reserved))
        {
            reservations.Add(await store.FindReservationAsync(entry.Reservation!.Value, default) ?? throw new InvalidOperationException($"There is no {entry.Reservation}."));
        }

        return reservations;
    }

    /// <summary>A group has no balance of its own, and an agent's is none of its business.</summary>
    private static void AssertIsOfAGroup(LedgerEntry entry)
    {
        Assert.NotNull(entry.Group);
        Assert.Null(entry.Reservation);
        Assert.Equal((Money.Zero, Money.Zero, Money.Zero, Money.Zero), (entry.HardLimit, entry.Granted, entry.Spent, entry.Held));
    }
}
