using SpendGuard.Budgets;

namespace SpendGuard.Calls.Runs;

/// <summary>What is held for one call in its run and in all around it. It is as much as the store holds, and ends as that does.</summary>
/// <param name="gate">The lock of the runs.</param>
/// <param name="parts">The hold in each of them; always the same amount.</param>
internal sealed class RunHold(Lock gate, IReadOnlyList<RunPart> parts)
{
    public Money Held
    {
        get
        {
            lock (gate)
            {
                return parts[0].Reservation.Held;
            }
        }
    }

    /// <summary>Keeps what the store has held, which may be less, and gives the rest back.</summary>
    public void Keep(Money held, LockedQueue locked) => Change(part => part.Lower(held), locked);

    /// <summary>Gives all back: nothing was sent.</summary>
    public void GiveBack(LockedQueue locked) => End(ReservationEnd.Released, Money.Zero, locked);

    /// <summary>Ends the hold as the store's ended. An end that comes after a forfeit corrects it.</summary>
    public void End(ReservationEnd end, Money charged, LockedQueue locked) => Change(part => part.End(end, charged), locked);

    private void Change(Action<RunPart> change, LockedQueue locked)
    {
        lock (gate)
        {
            foreach (var part in parts)
            {
                change(part);
            }
        }

        foreach (var part in parts)
        {
            locked.Pulse(part.Account);
        }
    }
}
