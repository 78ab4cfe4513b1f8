using SpendGuard.Budgets;

namespace SpendGuard.Calls;

/// <summary>Who has ended a call. Its caller may once, also after the engine has given it up: what the call cost corrects the forfeit.</summary>
internal struct OnceEnded
{
    private const int Open = 0;
    private const int GivenUp = 1;
    private const int Ended = 2;

    private int _state;

    /// <summary>The caller ends it.</summary>
    /// <exception cref="InvalidOperationException">It has done so already.</exception>
    public void ByCaller(ReservationId id)
    {
        if (Interlocked.Exchange(ref _state, Ended) == Ended)
        {
            throw new InvalidOperationException($"Reservation '{id}' has been ended already.");
        }
    }

    /// <summary>The caller has gone.</summary>
    /// <returns>Whether nobody has ended it.</returns>
    public bool TryByCaller() => Interlocked.Exchange(ref _state, Ended) == Open;

    /// <summary>The engine gives it up.</summary>
    /// <returns>Whether nobody has ended it.</returns>
    public bool TryByEngine() => Interlocked.CompareExchange(ref _state, GivenUp, Open) == Open;
}
