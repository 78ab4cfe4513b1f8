using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>A reservation that this process has to end.</summary>
internal interface IOpenCall
{
    /// <summary>The reservation as it was made.</summary>
    Reservation Reservation { get; }

    /// <summary>Ends the call at nothing.</summary>
    ValueTask<Settlement> ReleaseAsync();

    /// <summary>Forfeits the call if it has not been ended.</summary>
    ValueTask ForfeitIfOpenAsync();
}
