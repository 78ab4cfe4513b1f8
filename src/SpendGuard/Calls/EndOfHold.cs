using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Calls;

/// <summary>The end of a call.</summary>
/// <param name="reservation">The reservation as it was made.</param>
/// <param name="end">The end.</param>
/// <param name="lifetime">How long a hold lives that has to be made again.</param>
internal sealed class EndOfHold(Reservation reservation, ReservationCommand end, TimeSpan lifetime) : Intent(reservation.Id, reservation.Agent)
{
    public override AccountKeys Accounts => reservation.Accounts;

    /// <summary>How the call ends while the store does not have its end yet.</summary>
    public Settlement Pending
    {
        get
        {
            var (kind, charged) = end switch
            {
                Settle settle => (ReservationEnd.Settled, settle.Charge),
                Release => (ReservationEnd.Released, Money.Zero),
                Forfeit forfeit => (ReservationEnd.Forfeited, Money.Max(reservation.Held, forfeit.Known)),
                _ => throw new InvalidOperationException($"The command {end} does not end a call."),
            };
            return new Settlement { ReservationId = Id, End = kind, Held = reservation.Held, Charged = charged, Budget = null };
        }
    }

    /// <remarks>
    /// A store that does not know the hold has forgotten what it said was durable: another server took over that lagged, or a backup was
    /// restored. The money is spent all the same, so the hold is made again with the same content and then ended.
    /// </remarks>
    public override async ValueTask<BudgetAnswer?> TryAsync(IBudgetStore store, DateTimeOffset now)
    {
        var answer = await store.ApplyAsync(end, CancellationToken.None).ConfigureAwait(false);
        if (answer.Status != BudgetStatus.NoReservation || end is Release)
        {
            return answer;
        }

        return await MakeAgainAsync(store, reservation, now, lifetime).ConfigureAwait(false)
            ? await store.ApplyAsync(end, CancellationToken.None).ConfigureAwait(false)
            : null;
    }

    /// <summary>Makes a hold again that a store has forgotten, in the account of its run too.</summary>
    /// <returns>Whether the store has it.</returns>
    public static async ValueTask<bool> MakeAgainAsync(IBudgetStore store, Reservation reservation, DateTimeOffset now, TimeSpan lifetime)
    {
        var command = Again(reservation, now, lifetime);
        var answer = await store.ApplyAsync(command, CancellationToken.None).ConfigureAwait(false);

        // Another call has given the run another limit meanwhile, since the first was forgotten too.
        return answer.Status == BudgetStatus.OtherRunLimit
            ? (await store.ApplyAsync(command with { RunLimit = null }, CancellationToken.None).ConfigureAwait(false)).Succeeded
            : answer.Succeeded;
    }

    private static Reserve Again(Reservation reservation, DateTimeOffset now, TimeSpan lifetime) => new(
        reservation.Id, reservation.Agent, reservation.Run, reservation.Model, reservation.Floor, reservation.Ceiling, now + lifetime, now)
    {
        RunLimit = reservation.RunLimit,
        IsTentative = true,
        Function = reservation.Function,
        Unbounded = reservation.Unbounded,
        Requests = reservation.Requests,
        Cards = reservation.Cards,
    };
}
