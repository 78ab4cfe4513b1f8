using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Calls;

/// <summary>A hold that the store may have, and that no call goes with: it is given back.</summary>
/// <remarks>
/// To look it up and find nothing proves nothing, for its commit may still be on its way. So the same hold is asked for again, under its
/// id: whichever of the two commits comes first makes it, the other one changes nothing, and then it is released for good. Where the
/// budget has no room for it any more, it is looked for until it would have expired, and nothing is made. A hold of the same id that
/// somebody else has made meanwhile, with a time of its own, is left alone.
/// </remarks>
/// <param name="hold">The command that was sent.</param>
/// <param name="lifetime">How long a hold lives.</param>
/// <param name="time">Tells how long ago it was sent: not by the clock, which may be set.</param>
/// <param name="withdrawn">
/// Whether its caller has withdrawn it, and the store said so. Then it is looked up once, for a store that does not keep its word.
/// </param>
internal sealed class HoldInDoubt(Reserve hold, TimeSpan lifetime, TimeProvider time, bool withdrawn) : Intent(hold.Id, hold.Agent)
{
    private readonly long _since = time.GetTimestamp();
    private bool _isRefused;

    public override async ValueTask<BudgetAnswer?> TryAsync(IBudgetStore store, DateTimeOffset now)
    {
        if (!withdrawn && !_isRefused)
        {
            // No call is made by it: it trips no breaker, asks for nothing, and is counted as nothing.
            var same = hold with { ExpiresAt = now + lifetime, AgainAt = now, IsTentative = true, Fingerprint = null };
            var again = await store.ApplyAsync(same, CancellationToken.None).ConfigureAwait(false);
            if (again.Succeeded || again.Status == BudgetStatus.Conflict)
            {
                return IsOurs(again.Reservation) ? await ReleaseAsync(store, now).ConfigureAwait(false) : again;
            }

            _isRefused = true;
        }

        var found = await store.FindReservationAsync(Id, CancellationToken.None).ConfigureAwait(false);
        return IsOurs(found) ? await ReleaseAsync(store, now).ConfigureAwait(false)
            : found is null && !withdrawn && time.GetElapsedTime(_since) < lifetime ? null
            : new BudgetAnswer(BudgetStatus.NoReservation, Budget: null, Reservation: null, Sequence: 0);
    }

    private bool IsOurs(Reservation? found) => found?.CreatedAt == hold.At && found.Agent == hold.Agent;

    private async ValueTask<BudgetAnswer?> ReleaseAsync(IBudgetStore store, DateTimeOffset now) =>
        await store.ApplyAsync(new Release(Id, now), CancellationToken.None).ConfigureAwait(false);
}
