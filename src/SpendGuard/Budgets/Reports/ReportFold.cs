using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SpendGuard.Budgets;

/// <summary>Makes a report of the ledger: the one rule for all stores.</summary>
/// <param name="query">What is asked for; groups are none of it.</param>
/// <remarks>
/// It has to see every entry of a call from the first on, in their order, also those before the window: what an entry has held, given back or
/// booked is by how much it moves its agent's balance. So a correction counts by its difference, and nothing is kept but balances and forfeits.
/// </remarks>
[Experimental(ApiTier.Stores)]
public sealed class ReportFold(ReportQuery query)
{
    private readonly ReportSums _sums = new(query.By);
    private readonly Dictionary<string, Balance> _balances = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Forfeit> _forfeits = new(StringComparer.Ordinal);
    private readonly long _since = query.Since?.UtcTicks ?? long.MinValue;
    private readonly long _until = query.Until?.UtcTicks ?? long.MaxValue;

    /// <summary>The forfeits in the report that were corrected: to what they count as, their ends have to be looked up.</summary>
    public IEnumerable<ReservationId> Corrected =>
        _forfeits.Where(forfeit => forfeit.Value is { IsCorrected: true, Booked.Count: > 0 }).Select(forfeit => new ReservationId(forfeit.Key));

    /// <summary>Takes the next entry. One that is about no call changes nothing.</summary>
    /// <exception cref="OverflowException">A sum is out of range.</exception>
    public void Add(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (ReportLine.Of(entry) is { } line)
        {
            Add(line);
        }
    }

    /// <inheritdoc cref="Add(LedgerEntry)"/>
    internal void Add(in ReportLine line)
    {
        ref var balance = ref CollectionsMarshal.GetValueRefOrAddDefault(_balances, line.Agent, out _);
        var (booked, held) = checked((line.Spent - balance.Spent, line.Held - balance.Held));
        balance = new Balance(line.Spent, line.Held);
        var at = line.At.UtcTicks;
        var sum = at >= _since && at < _until && !(line.IsDryRun && booked == 0) ? _sums.Of(line) : null;
        switch (line.Kind)
        {
            case LedgerEntryKind.Reserved:
                sum?.Hold(held);
                break;

            case LedgerEntryKind.Settled or LedgerEntryKind.Released:
                sum?.End(booked, Left(-held, booked), line.Tokens);
                break;

            case LedgerEntryKind.Forfeited:
                sum?.End(booked, Left(-held, booked), line.Tokens);
                _forfeits[line.Reservation!] = new Forfeit(-held, booked).With(sum, booked);
                break;

            case LedgerEntryKind.Corrected:
                var forfeit = _forfeits[line.Reservation!];
                var charge = checked(forfeit.Charge + booked);
                sum?.End(booked, Left(forfeit.Hold, charge) - Left(forfeit.Hold, forfeit.Charge), line.Tokens);
                _forfeits[line.Reservation!] = (forfeit with { Charge = charge, IsCorrected = true }).With(sum, booked);
                break;

            default:
                throw new ArgumentOutOfRangeException(nameof(line), line.Kind, "An entry of this kind is about no call.");
        }
    }

    /// <summary>The rows, without names, in no order.</summary>
    /// <param name="isKnown">Whether what a corrected forfeit cost is known by now.</param>
    /// <param name="refusals">The refusals, of whatever days.</param>
    public IReadOnlyList<ReportRow> Rows(Func<ReservationId, bool> isKnown, IEnumerable<RefusalCount> refusals)
    {
        ArgumentNullException.ThrowIfNull(isKnown);
        ArgumentNullException.ThrowIfNull(refusals);
        foreach (var (id, forfeit) in _forfeits)
        {
            if (forfeit.Booked.Count > 0 && !(forfeit.IsCorrected && isKnown(new ReservationId(id))))
            {
                foreach (var (sum, amount) in forfeit.Booked)
                {
                    sum.Forfeit(amount);
                }
            }
        }

        foreach (var refusal in refusals.Where(refusal => query.Touches(refusal.Day)))
        {
            _sums.Of(refusal).Refuse(refusal.Reason, refusal.Count);
        }

        return _sums.Rows;
    }

    private static long Left(long hold, long charge) => Math.Max(0, hold - charge);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Balance(long Spent, long Held);

    /// <summary>A forfeit: what was held, what it is booked at, and what of that was booked in the window, where.</summary>
    private sealed record Forfeit(long Hold, long Charge)
    {
        public bool IsCorrected { get; init; }

        public List<(ReportSum Sum, long Amount)> Booked { get; } = [];

        public Forfeit With(ReportSum? sum, long amount)
        {
            if (sum is not null)
            {
                Booked.Add((sum, amount));
            }

            return this;
        }
    }
}
