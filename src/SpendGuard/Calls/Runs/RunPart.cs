using SpendGuard.Budgets;

namespace SpendGuard.Calls.Runs;

/// <summary>What is held for one call in one run. It is used under the lock of the run.</summary>
/// <param name="account">The run.</param>
/// <param name="hold">What to hold, which is known to fit.</param>
internal sealed class RunPart(RunAccount account, Reserve hold)
{
    public RunAccount Account => account;

    public Reservation Reservation { get; private set; } = account.Book(hold, reservation: null);

    /// <inheritdoc cref="RunAccount.Lower"/>
    public void Lower(Money held) => Reservation = account.Lower(Reservation, held);

    /// <inheritdoc cref="RunHold.End"/>
    public void End(ReservationEnd end, Money charged)
    {
        ReservationCommand command = end switch
        {
            ReservationEnd.Released => new Release(Reservation.Id, hold.At),
            ReservationEnd.Forfeited => new Forfeit(Reservation.Id, OnlyIfExpired: false, hold.At) { Known = charged },
            _ => new Settle(Reservation.Id, charged, hold.At),
        };
        try
        {
            Reservation = account.Book(command, Reservation);
        }
        catch (OverflowException)
        {
            Reservation = account.BookAll(Reservation);
        }
    }
}
