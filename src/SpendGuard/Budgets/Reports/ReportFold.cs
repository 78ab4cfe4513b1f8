namespace SpendGuard.Budgets;

/// <summary>Makes a report of the ledger: the one rule for all stores.</summary>
/// <remarks>
/// It has to see every entry from the first on, in their order, also those before the window: what an end gives back is told by the hold, and
/// what a correction books by the forfeit. Of those it keeps what is in flight, and the forfeits.
/// </remarks>
internal sealed class ReportFold(ReportQuery query)
{
    private readonly ReportSums _sums = new(query.By);
    private readonly Dictionary<string, long> _holds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Forfeit> _forfeits = new(StringComparer.Ordinal);
    private readonly long _since = query.Since?.UtcTicks ?? long.MinValue;
    private readonly long _until = query.Until?.UtcTicks ?? long.MaxValue;

    /// <summary>The forfeits in the report that were corrected: to what they count as, their ends have to be looked up.</summary>
    public IEnumerable<ReservationId> Corrected =>
        _forfeits.Where(forfeit => forfeit.Value is { IsCorrected: true, Booked.Count: > 0 }).Select(forfeit => new ReservationId(forfeit.Key));

    /// <summary>Takes the next entry.</summary>
    /// <exception cref="OverflowException">A sum is out of range.</exception>
    public void Add(in ReportLine line)
    {
        if (line.Reservation is not { } reservation)
        {
            return;
        }

        var at = line.At.UtcTicks;
        var inside = at >= _since && at < _until;
        switch (line.Kind)
        {
            case LedgerEntryKind.Reserved:
                _holds[reservation] = line.Amount;
                if (inside && !line.IsDryRun)
                {
                    _sums.Of(line).Hold(line.Amount);
                }

                break;

            case LedgerEntryKind.Settled or LedgerEntryKind.Released or LedgerEntryKind.Forfeited:
                if (!_holds.Remove(reservation, out var hold))
                {
                    hold = line.Amount;
                }

                var sum = inside && !line.IsDryRun ? _sums.Of(line) : null;
                sum?.End(line.Amount, Left(hold, line.Amount), line.Tokens);
                if (line.Kind == LedgerEntryKind.Forfeited)
                {
                    _forfeits[reservation] = new Forfeit(hold, line.Amount).With(sum, line.Amount);
                }

                break;

            case LedgerEntryKind.Corrected when _forfeits.TryGetValue(reservation, out var forfeit):
                var corrected = inside ? _sums.Of(line) : null;
                var difference = checked(line.Amount - forfeit.Amount);
                corrected?.End(difference, Left(forfeit.Hold, line.Amount) - Left(forfeit.Hold, forfeit.Amount), line.Tokens);
                _forfeits[reservation] = (forfeit with { Amount = line.Amount, IsCorrected = true }).With(corrected, difference);
                break;

            default:
                // A change of a budget or of the tree.
                break;
        }
    }

    /// <summary>The rows, without names, in no order.</summary>
    /// <param name="isKnown">Whether what a corrected forfeit cost is known by now.</param>
    /// <param name="refusals">The refusals, of whatever days.</param>
    public IReadOnlyList<ReportRow> Rows(Func<ReservationId, bool> isKnown, IEnumerable<RefusalCount> refusals)
    {
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

    /// <summary>A forfeit: what was held, what it is booked at, and what of that was booked in the window, where.</summary>
    private sealed record Forfeit(long Hold, long Amount)
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
