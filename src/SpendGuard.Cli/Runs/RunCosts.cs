using SpendGuard.Budgets;

namespace SpendGuard.Cli.Runs;

/// <summary>What calls came to, by what the ledger has of them. Entries come in the order of commit.</summary>
internal sealed class RunCosts
{
    private readonly Dictionary<ReservationId, Call> _calls = [];

    /// <summary>Every call that something was held for.</summary>
    public int Calls => _calls.Count;

    /// <summary>Those that ended at nothing: the provider did not bill them.</summary>
    public int Released => _calls.Values.Count(call => call.End is LedgerEntryKind.Released);

    /// <summary>Those whose cost is not known, and that are booked at their holds or more.</summary>
    public int Forfeited => _calls.Values.Count(call => call.End is LedgerEntryKind.Forfeited);

    /// <summary>Those that have not ended.</summary>
    public int InFlight => _calls.Values.Count(call => call.End is null);

    /// <summary>What they cost so far.</summary>
    public Money Charged => Sum(_calls.Values, static call => call.Charged);

    /// <summary>All that was held for them.</summary>
    public Money Held => Sum(_calls.Values, static call => call.Held);

    /// <summary>What is held for those that have not ended.</summary>
    public Money StillHeld => Sum(_calls.Values.Where(static call => call.End is null), static call => call.Held);

    /// <summary>What was held and not needed.</summary>
    public Money GivenBack => Sum(_calls.Values.Where(static call => call.End is not null), static call => Money.Max(Money.Zero, call.Held - call.Charged));

    /// <summary>The calls and their cost by model, as <c>provider:model</c>, the dearest first.</summary>
    public IEnumerable<(string Model, int Calls, Money Charged)> Models => _calls.Values
        .GroupBy(static call => call.Model, StringComparer.Ordinal)
        .Select(static model => (Model: model.Key, Calls: model.Count(), Charged: Sum(model, static call => call.Charged)))
        .OrderByDescending(static model => model.Charged).ThenBy(static model => model.Model, StringComparer.Ordinal);

    /// <summary>The calls and their cost by model and by the day on which each began or was charged, as it is where this runs.</summary>
    public IEnumerable<CostPart> Parts =>
        from call in _calls.Values
        group call by (Day: DateOnly.FromDateTime(call.At.LocalDateTime), call.Model) into part
        select new CostPart(part.Key.Day, part.Key.Model, part.Count(), Sum(part, static call => call.Charged));

    public void Add(LedgerEntry entry)
    {
        if (entry.Reservation is not { } id)
        {
            return;
        }

        var call = _calls.GetValueOrDefault(id) ?? new Call(entry.Model ?? "");
        _calls[id] = entry.Kind switch
        {
            LedgerEntryKind.Reserved => call with { Held = entry.Amount, At = entry.At },
            LedgerEntryKind.Released => call with { End = entry.Kind, At = entry.At },
            LedgerEntryKind.Settled or LedgerEntryKind.Forfeited => call with { End = entry.Kind, Charged = entry.Amount, At = entry.At },
            LedgerEntryKind.Corrected => call with { End = LedgerEntryKind.Settled, Charged = entry.Amount },
            _ => call,
        };
    }

    private static Money Sum(IEnumerable<Call> calls, Func<Call, Money> amount) => calls.Aggregate(Money.Zero, (sum, call) => sum + amount(call));

    private sealed record Call(string Model)
    {
        public Money Held { get; init; }

        public Money Charged { get; init; }

        public LedgerEntryKind? End { get; init; }

        public DateTimeOffset At { get; init; }
    }
}

/// <summary>What calls to one model cost on one day.</summary>
internal sealed record CostPart(DateOnly Day, string Model, int Calls, Money Charged);
