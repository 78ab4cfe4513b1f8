using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <summary>The audit: what a store says of an agent must follow from its ledger, entry by entry.</summary>
internal static class Books
{
    /// <summary>Replays the whole ledger and compares what comes out with the budgets and the reservations.</summary>
    public static async Task AssertBalancedAsync(IBudgetStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var entries = await store.ReadLedgerAsync(0, agent: null, int.MaxValue, default);
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(number => (long)number), entries.Select(entry => entry.Sequence));
        foreach (var agent in entries.Where(entry => entry.Agent is not null).GroupBy(entry => entry.Agent!.Value))
        {
            var (held, booked) = Replay([.. agent]);
            var last = agent.Last();
            var budget = await store.FindBudgetAsync(agent.Key, default);
            Assert.NotNull(budget);
            Assert.Equal(
                (last.HardLimit, last.Granted, last.Spent, last.Held), (budget.HardLimit, budget.Granted, budget.Spent, budget.Held));
            Assert.Equal(held.Count, budget.InFlight);
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
    }

    /// <summary>Checks each entry's balance against the one before; returns what is still held and what was booked, by reservation.</summary>
    private static (Dictionary<string, Money> Held, Dictionary<string, Money> Booked) Replay(IReadOnlyList<LedgerEntry> entries)
    {
        var held = new Dictionary<string, Money>(StringComparer.Ordinal);
        var booked = new Dictionary<string, Money>(StringComparer.Ordinal);
        var granted = Money.Zero;
        var overrun = false;
        foreach (var entry in entries)
        {
            var id = entry.Reservation?.Value ?? "";
            switch (entry.Kind)
            {
                case LedgerEntryKind.BudgetSet:
                    granted = entry.Granted;
                    break;
                case LedgerEntryKind.BudgetClosed:
                    Assert.Equal(Money.Zero, entry.Amount);
                    break;
                case LedgerEntryKind.Reserved:
                    Assert.True(held.TryAdd(id, entry.Amount), $"{id} was held twice.");
                    Assert.False(booked.ContainsKey(id), $"{id} was held after its end.");
                    break;
                case LedgerEntryKind.Corrected:
                    Assert.True(booked.ContainsKey(id), $"{id} was corrected before its end.");
                    overrun |= entry.Amount > booked[id];
                    booked[id] = entry.Amount;
                    break;
                default:
                    Assert.True(held.Remove(id, out var hold), $"{id} ended without being held.");
                    overrun |= entry.Amount > hold;
                    Assert.True(entry.Kind != LedgerEntryKind.Released || entry.Amount == Money.Zero);
                    Assert.True(entry.Kind != LedgerEntryKind.Forfeited || entry.Amount >= hold);
                    Assert.True(booked.TryAdd(id, entry.Amount), $"{id} ended twice.");
                    break;
            }

            Assert.Equal(Sum(held.Values), entry.Held);
            Assert.Equal(Sum(booked.Values), entry.Spent);

            // Beyond the limit remains only what is still held, whatever the limit was when a call began.
            var most = Money.Max(entry.HardLimit, entry.Held);
            granted = granted - entry.Spent > most ? entry.Spent + most : granted;
            Assert.Equal(granted, entry.Granted);
            Assert.True(overrun || entry.Spent + entry.Held <= entry.Granted, $"Entry {entry.Sequence} exceeds what was granted.");
        }

        return (held, booked);
    }

    private static Money Sum(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (sum, amount) => sum + amount);
}
