using SpendGuard.Budgets;
using SpendGuard.Calls;
using SpendGuard.Storage;

namespace SpendGuard.Batches;

/// <summary>The name by which a batch is found again, once its provider has told it.</summary>
/// <param name="reservation">The reservation as it was made.</param>
/// <param name="name">The name.</param>
/// <param name="lifetime">How long a hold lives that has to be made again.</param>
internal sealed class NameOfHold(Reservation reservation, string name, TimeSpan lifetime) : Intent(reservation.Id, reservation.Agent)
{
    /// <remarks>A store that does not know the hold has forgotten it, as it may an end's (<see cref="EndOfHold"/>): it is made again.</remarks>
    public override async ValueTask<BudgetAnswer?> TryAsync(IBudgetStore store, DateTimeOffset now)
    {
        var command = new Name(Id, name, now);
        var answer = await store.ApplyAsync(command, CancellationToken.None).ConfigureAwait(false);
        if (answer.Status != BudgetStatus.NoReservation)
        {
            return answer;
        }

        return await EndOfHold.MakeAgainAsync(store, reservation, now, lifetime).ConfigureAwait(false)
            ? await store.ApplyAsync(command, CancellationToken.None).ConfigureAwait(false)
            : null;
    }
}
