using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <summary>An agent's entries gone through once more, each balance checked against the one before.</summary>
internal static class LedgerReplay
{
    private const string Total = "total";

    /// <summary>What is still held and what was booked, by reservation.</summary>
    public static (Dictionary<string, Money> Held, Dictionary<string, Money> Booked) Of(IReadOnlyList<LedgerEntry> entries)
    {
        var held = new Dictionary<string, Money>(StringComparer.Ordinal);
        var booked = new Dictionary<string, Money>(StringComparer.Ordinal);
        var (granted, raised) = (Money.Zero, Money.Zero);
        var (isSet, overrun) = (false, false);
        foreach (var entry in entries)
        {
            var id = entry.Reservation?.Value ?? "";
            switch (entry.Kind)
            {
                case LedgerEntryKind.BudgetSet when entry.Added is { } added && raised == Money.Zero && entry.Raised == Money.Zero:
                    Assert.Equal(entry.Granted - granted, added);
                    (isSet, granted) = (true, entry.Granted);
                    break;
                case LedgerEntryKind.BudgetSet:
                case LedgerEntryKind.LimitSet when entry.Limit == Total:
                    (isSet, granted, raised) = (true, entry.Granted, entry.Raised);
                    break;
                case LedgerEntryKind.LimitRemoved when entry.Limit == Total:
                    (isSet, raised) = (false, Money.Zero);
                    break;
                case LedgerEntryKind.Approved when entry.Limit == Total:
                    (granted, raised) = (granted + entry.Amount, raised + entry.Amount);
                    break;
                case LedgerEntryKind.BudgetClosed:
                    Assert.Equal(Money.Zero, entry.Amount);
                    break;
                case LedgerEntryKind.Moved or LedgerEntryKind.Paused or LedgerEntryKind.Resumed or LedgerEntryKind.LimitSet or LedgerEntryKind.LimitRemoved
                    or LedgerEntryKind.ApprovalAsked or LedgerEntryKind.Approved or LedgerEntryKind.Denied or LedgerEntryKind.BreakerSet:
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
                case LedgerEntryKind.GroupCreated or LedgerEntryKind.GroupDeleted:
                    Assert.Fail($"Entry {entry.Sequence} is about a group, and has an agent.");
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

            // Beyond the limit remains only what is still held, whatever the limit was when a call began. One that nobody has set grants
            // what was let through.
            // What was approved for a time is taken back once it has ended, to the last of it.
            Assert.True(entry.Raised <= raised, $"Entry {entry.Sequence} has more raised than was approved.");
            granted -= raised - entry.Raised;
            raised = entry.Raised;
            var most = isSet ? Money.Max(entry.HardLimit + raised, entry.Held) : entry.Held;
            granted = !isSet || granted - entry.Spent > most ? entry.Spent + most : granted;
            Assert.Equal(granted, entry.Granted);
            Assert.True(overrun || entry.Spent + entry.Held <= entry.Granted, $"Entry {entry.Sequence} exceeds what was granted.");
        }

        return (held, booked);
    }

    private static Money Sum(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (sum, amount) => sum + amount);
}
