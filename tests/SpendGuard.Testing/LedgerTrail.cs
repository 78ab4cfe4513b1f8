using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing;

/// <summary>Replays a ledger as it grows, checks each entry against those before, and knows the fate of every call by its run.</summary>
/// <param name="unruly">The agent whose provider bills more than it was allowed to, so that its budget may be overdrawn.</param>
public sealed class LedgerTrail(AgentId? unruly = null)
{
    private readonly Dictionary<ReservationId, Fate> _fates = [];
    private readonly Dictionary<string, Fate> _byRun = new(StringComparer.Ordinal);
    private readonly Dictionary<AgentId, Balance> _balances = [];

    /// <summary>What became of one call.</summary>
    public sealed class Fate(LedgerEntry reserved)
    {
        public AgentId Agent => reserved.Agent!.Value;

        public Money Held => reserved.Amount;

        public LedgerEntry? End { get; set; }

        public LedgerEntry? Correction { get; set; }

        public Money Booked => (Correction ?? End)?.Amount ?? Money.Zero;
    }

    /// <summary>What the entries of an agent add up to.</summary>
    public sealed class Balance
    {
        public Money Held { get; set; }

        public Money Spent { get; set; }

        public required Money Granted { get; set; }
    }

    public long LastSequence { get; private set; }

    public IReadOnlyDictionary<AgentId, Balance> Balances => _balances;

    public IReadOnlyCollection<Fate> Fates => _fates.Values;

    public Fate? Find(string run) => _byRun.GetValueOrDefault(run);

    public void Follow(IEnumerable<LedgerEntry> entries)
    {
        foreach (var entry in entries)
        {
            Assert.Equal(LastSequence + 1, entry.Sequence);
            LastSequence = entry.Sequence;
            if (entry.Agent is { } agent)
            {
                Follow(entry, agent);
            }
        }
    }

    private void Follow(LedgerEntry entry, AgentId agent)
    {
        if (entry.Kind == LedgerEntryKind.BudgetSet)
        {
            if (!_balances.TryAdd(agent, new Balance { Granted = entry.Granted }))
            {
                _balances[agent].Granted = entry.Granted;
            }
        }

        var balance = _balances[agent];
        if (entry is { Kind: LedgerEntryKind.Reserved, Reservation: { } id })
        {
            var fate = new Fate(entry);
            Assert.True(_fates.TryAdd(id, fate), $"{id} was held twice.");
            Assert.True(entry.Run is not { } run || _byRun.TryAdd(run.Value, fate), $"{entry.Run} was held for twice.");
            balance.Held += entry.Amount;
        }
        else if (entry.Reservation is { } ended)
        {
            End(_fates[ended], entry, balance);
        }

        // Beyond the limit remains only what is still held, whatever the limit was when a call began.
        var most = Money.Max(entry.HardLimit, balance.Held);
        balance.Granted = balance.Granted - balance.Spent > most ? balance.Spent + most : balance.Granted;
        Assert.Equal((balance.Held, balance.Spent, balance.Granted), (entry.Held, entry.Spent, entry.Granted));
        Assert.True(agent == unruly || entry.Spent + entry.Held <= entry.Granted, $"Entry {entry.Sequence} exceeds what was granted.");
    }

    private static void End(Fate fate, LedgerEntry entry, Balance balance)
    {
        if (entry.Kind == LedgerEntryKind.Corrected)
        {
            Assert.True(
                fate is { End.Kind: LedgerEntryKind.Forfeited, Correction: null }, $"{entry.Reservation} was corrected without a forfeit, or twice.");
            balance.Spent += entry.Amount - fate.Booked;
            fate.Correction = entry;
            return;
        }

        Assert.True(fate.End is null, $"{entry.Reservation} ended twice.");
        fate.End = entry;
        balance.Held -= fate.Held;
        balance.Spent += entry.Amount;
    }
}
