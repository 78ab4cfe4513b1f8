using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>How a reservation ended.</summary>
[Experimental(ApiTier.Stores)]
public enum ReservationEnd
{
    /// <summary>It has not: the call is in flight.</summary>
    None,

    /// <summary>At the actual cost.</summary>
    Settled,

    /// <summary>At nothing: the call was provably not billed.</summary>
    Released,

    /// <summary>At the whole hold, or at more where more is known: what the call cost is unknown. A late settlement corrects it.</summary>
    Forfeited,
}
