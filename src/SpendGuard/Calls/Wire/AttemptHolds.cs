using SpendGuard.Billing;
using SpendGuard.Providers;

namespace SpendGuard.Calls.Wire;

/// <summary>The holds of one call, and which of its attempts each of them pays for.</summary>
internal sealed class AttemptHolds(ReservedCall first, Vendor server)
{
    private readonly Lock _gate = new();
    private readonly Stack<ReservedCall> _spare = new([first]);
    private readonly List<Attempt> _unpaid = [];
    private readonly List<Settlement> _forfeited = [];
    private Func<ProviderReport>? _said;
    private ReservedCall? _told;
    private bool _ended;

    /// <summary>How many attempts there were.</summary>
    public int Count { get; private set; }

    /// <summary>Whether one of them has reached a server, or may have.</summary>
    public bool AnySent { get; private set; }

    /// <summary>Whether attempts are under way, or have an end that may be billed.</summary>
    public bool AnyUnpaid
    {
        get
        {
            lock (_gate)
            {
                return _unpaid.Count > 0;
            }
        }
    }

    /// <summary>Whether none of them can have cost anything.</summary>
    public bool NothingOwed
    {
        get
        {
            lock (_gate)
            {
                return _unpaid.Count == 0 && _forfeited.Count == 0;
            }
        }
    }

    /// <summary>Has the hold of the attempt that is answered follow what is said of the call.</summary>
    public void Follow(Func<ProviderReport> said)
    {
        _said = said;
        FollowBy(first);
    }

    /// <summary>Takes in another hold.</summary>
    public void Put(ReservedCall hold)
    {
        FollowBy(hold);
        lock (_gate)
        {
            _spare.Push(hold);
        }
    }

    /// <summary>Gives an attempt a hold that no other one needs.</summary>
    /// <param name="host">The host that it goes to.</param>
    /// <returns>The attempt; null if there is no such hold.</returns>
    /// <exception cref="InvalidOperationException">The call has ended.</exception>
    public Attempt? TryBegin(string host)
    {
        lock (_gate)
        {
            if (_ended)
            {
                throw new InvalidOperationException(
                    $"A request was made for the call of reservation '{first.Reservation.Id}' after that had ended. It was not sent.");
            }

            if (!_spare.TryPop(out var hold))
            {
                return null;
            }

            var attempt = new Attempt(hold, Vendor.At(host) ?? server);
            _unpaid.Add(attempt);
            Count++;
            return attempt;
        }
    }

    /// <summary>Takes in how an attempt ended. If it cost nothing, its hold can go on to the next one.</summary>
    public void End(Attempt attempt, int? status, string? error)
    {
        lock (_gate)
        {
            attempt.End(status, error);
            AnySent |= !attempt.NeverSent;
            if (attempt.IsUnbilled && _unpaid.Remove(attempt))
            {
                _spare.Push(attempt.Hold);
            }
        }
    }

    /// <summary>Forfeits what is held for attempts that have ended and may have been billed.</summary>
    public async ValueTask ForfeitEndedAsync()
    {
        List<Attempt> over;
        ReservedCall? told;
        lock (_gate)
        {
            told = Answered?.Hold;
            over = _unpaid.FindAll(attempt => attempt.HasEnded);
            _unpaid.RemoveAll(over.Contains);
        }

        foreach (var hold in over.Select(attempt => attempt.Hold))
        {
            if (hold == told && _said is { } said)
            {
                hold.Follow(said);
            }

            await ForfeitAsync(hold).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all holds: that of the attempt that was answered last by the report; those of others that may be billed are forfeited.</summary>
    /// <returns>How the call ended, all attempts together.</returns>
    public async ValueTask<Settlement> EndAsync(ProviderReport report)
    {
        var (told, lost, unused) = Close();
        Settlement? settlement = null;
        try
        {
            settlement = told is null ? null : await told.EndAsync(report).ConfigureAwait(false);
        }
        finally
        {
            foreach (var hold in lost)
            {
                await ForfeitAsync(hold).ConfigureAwait(false);
            }

            foreach (var hold in unused)
            {
                await hold.EndAsync(ProviderReport.NotBilled).ConfigureAwait(false);
            }
        }

        lock (_gate)
        {
            // Where nothing was held any more, the last attempt was not sent, and the one before it has been forfeited.
            return _forfeited.Aggregate(settlement, Sum)!;
        }
    }

    /// <summary>Gives up all holds that have not ended: that of the attempt that was answered last ends by what was said, and those that no attempt took are released.</summary>
    public async ValueTask GiveUpAsync()
    {
        var (told, lost, unused) = Close();
        foreach (var hold in lost.Append(told))
        {
            if (hold is IOpenCall open)
            {
                await open.GiveUpAsync().ConfigureAwait(false);
            }
        }

        foreach (var hold in unused)
        {
            await hold.EndAsync(ProviderReport.NotBilled).ConfigureAwait(false);
        }
    }

    /// <summary>The attempt that what is said is of.</summary>
    private Attempt? Answered => _unpaid.FindLast(attempt => attempt.IsAnswered) ?? _unpaid.LastOrDefault();

    private static Settlement Sum(Settlement? call, Settlement attempt) =>
        call is null ? attempt : call with { Held = call.Held + attempt.Held, Charged = call.Charged + attempt.Charged };

    private (ReservedCall? Told, List<ReservedCall> Lost, List<ReservedCall> Unused) Close()
    {
        lock (_gate)
        {
            _ended = true;
            var told = Answered;
            var lost = _unpaid.Where(attempt => attempt != told).Select(attempt => attempt.Hold).ToList();
            var hold = told?.Hold ?? (_spare.TryPop(out var spare) ? spare : null);
            var unused = _spare.ToList();
            _unpaid.Clear();
            _spare.Clear();
            _told = hold;
            return (hold, lost, unused);
        }
    }

    private void FollowBy(ReservedCall hold) =>
        hold.Follow(() => IsTold(hold) && _said is { } said ? said() : ProviderReport.Unknown("another attempt was answered"));

    private bool IsTold(ReservedCall hold)
    {
        lock (_gate)
        {
            return hold == (_told ?? Answered?.Hold ?? (_spare.TryPeek(out var next) ? next : null));
        }
    }

    /// <summary>What was said before another attempt was made is no more than a part.</summary>
    private async ValueTask ForfeitAsync(ReservedCall hold)
    {
        const string GivenUp = "the attempt was given up";
        var said = hold.Said(GivenUp);
        var settlement = await hold.EndAsync(said with { StatedCost = null, LeastCost = said.StatedCost ?? said.LeastCost, Incomplete = said.Incomplete ?? GivenUp })
            .ConfigureAwait(false);
        lock (_gate)
        {
            _forfeited.Add(settlement);
        }
    }
}
