using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;

namespace SpendGuard.Calls.Cuts;

/// <summary>Cuts calls below a node that was paused: those in flight, and those whose holds were being made meanwhile.</summary>
/// <remarks>
/// A hold may be committed before a pause and be among the calls in flight only after all of those were cut. So each cut is kept for as long as
/// a hold is being made that was begun before it, and a new call is held against those that came meanwhile. Holds that are begun later are the
/// store's to refuse.
/// </remarks>
internal sealed class CutCalls(ILogger logger)
{
    private readonly Lock _gate = new();
    private Link _last = new(null);

    /// <summary>The last cut so far; to be taken before a hold is asked for.</summary>
    public Link Last => Volatile.Read(ref _last);

    /// <summary>Takes note of a cut, before the calls in flight are looked through.</summary>
    public void Begin(Func<Reservation, PausedNode?> pausedBy)
    {
        lock (_gate)
        {
            var link = new Link(pausedBy);
            _last.Next = link;
            Volatile.Write(ref _last, link);
        }
    }

    /// <summary>Cuts a call that is in flight by now, if a cut that came since its hold was asked for concerns it.</summary>
    /// <returns>The call.</returns>
    public T CatchUp<T>(T call, Link since)
        where T : IOpenCall
    {
        for (var link = since.Next; link is not null; link = link.Next)
        {
            TryCut(call, link.PausedBy!);
        }

        return call;
    }

    /// <summary>Cuts a call that a pause concerns.</summary>
    /// <returns>Whether it does, and the call had not been cut before.</returns>
    public bool TryCut(IOpenCall call, Func<Reservation, PausedNode?> pausedBy)
    {
        if (call.Cut is not { } cut || pausedBy(call.Reservation) is not { } paused || !cut.TryCut(paused))
        {
            return false;
        }

        Log.Cut(logger, call.Reservation.Id, call.Reservation.Agent, paused.Node);
        _ = TellAsync(call, cut);
        return true;
    }

    private async Task TellAsync(IOpenCall call, CallCut cut)
    {
        try
        {
            await cut.TellAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // One of those who were told has failed; the call ends by its other ways.
            Log.CutFailed(logger, exception, call.Reservation.Id);
        }
    }

    /// <summary>A cut, and those after it.</summary>
    /// <param name="pausedBy">Whom it concerns; null at the beginning.</param>
    internal sealed class Link(Func<Reservation, PausedNode?>? pausedBy)
    {
        private Link? _next;

        public Func<Reservation, PausedNode?>? PausedBy => pausedBy;

        public Link? Next
        {
            get => Volatile.Read(ref _next);
            set => Volatile.Write(ref _next, value);
        }
    }
}
