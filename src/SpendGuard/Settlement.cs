using System.Diagnostics.CodeAnalysis;
using SpendGuard.Billing;
using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>How a call ended for its agent's budget.</summary>
/// <remarks>
/// When the store could not commit the end, the settlement is pending: the call is over, its answer is the caller's, and what it cost is
/// charged later. Its hold stays until then, and the engine tries again until the store has the end. What it has not by the time the engine
/// is disposed is forfeited when the hold expires.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed record Settlement
{
    /// <summary>The id of the reservation.</summary>
    public required ReservationId ReservationId { get; init; }

    /// <summary>Whether the store does not have the end yet. Then the other figures are those that it will have.</summary>
    public bool IsPending => Budget is null;

    /// <summary>How the reservation ended.</summary>
    public required ReservationEnd End { get; init; }

    /// <summary>What was held for the call.</summary>
    public required Money Held { get; init; }

    /// <summary>What was booked as spent.</summary>
    public required Money Charged { get; init; }

    /// <summary>The budget after it; null while the settlement is pending.</summary>
    public required Budget? Budget { get; init; }

    /// <summary>
    /// What is left for the agent after it, in its run: the least of its budget and of the limits that the call was held in. What is held is
    /// not spent yet. Null while the settlement is pending, and where nothing limits the agent any more.
    /// </summary>
    public Money? Left { get; init; }

    /// <summary>The bill of a settled call; null for a forfeit or a release.</summary>
    public Bill? Bill { get; init; }

    /// <summary>Whether the provider billed more than was held.</summary>
    public bool Overrun => Charged > Held;

    /// <summary>What a store has committed; null where it has not.</summary>
    internal static Settlement? Of(BudgetAnswer? answer) => answer is { Reservation: { } reservation, Budget: { } budget }
        ? new Settlement
        {
            ReservationId = reservation.Id,
            End = reservation.End,
            Held = reservation.Held,
            Charged = reservation.Charged,
            Budget = budget,
            Left = answer.Left,
        }
        : null;
}
