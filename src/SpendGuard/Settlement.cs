using System.Diagnostics.CodeAnalysis;
using SpendGuard.Billing;
using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>How a call ended for its agent's budget.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record Settlement
{
    /// <summary>The id of the reservation.</summary>
    public required ReservationId ReservationId { get; init; }

    /// <summary>How the reservation ended.</summary>
    public required ReservationEnd End { get; init; }

    /// <summary>What was held for the call.</summary>
    public required Money Held { get; init; }

    /// <summary>What was booked as spent.</summary>
    public required Money Charged { get; init; }

    /// <summary>The budget after it.</summary>
    public required Budget Budget { get; init; }

    /// <summary>The bill of a settled call; null for a forfeit or a release.</summary>
    public Bill? Bill { get; init; }

    /// <summary>Whether the provider billed more than was held.</summary>
    public bool Overrun => Charged > Held;
}
