using Microsoft.Extensions.Logging;
using SpendGuard.Billing;

namespace SpendGuard.Calls;

/// <summary>Reports what is remarkable of how a call ended: nothing is hidden.</summary>
internal static class EndLog
{
    /// <summary>Reports on a call that was settled by a bill.</summary>
    /// <param name="logger">Where to.</param>
    /// <param name="call">The call.</param>
    /// <param name="settlement">How it ended.</param>
    /// <param name="bill">The bill.</param>
    /// <param name="overruled">The model that the provider says served it, where the application has set another to price by; else null.</param>
    public static void Settled(ILogger logger, ReservedCall call, Settlement settlement, Bill bill, string? overruled)
    {
        if (bill.Usage.Mismatch is { } mismatch)
        {
            Log.Mismatch(logger, settlement.ReservationId, call.Reservation.Agent, mismatch, settlement.Charged);
        }

        if (overruled is not null && !bill.Lines.IsEmpty)
        {
            Log.ServedByAnother(logger, settlement.ReservationId, call.Reservation.Agent, settlement.Charged, bill.Card.Model, overruled);
        }

        Overrun(logger, call, settlement);
    }

    /// <summary>Reports a charge beyond the hold.</summary>
    public static void Overrun(ILogger logger, IOpenCall call, Settlement settlement)
    {
        if (settlement.Overrun)
        {
            Log.Overrun(logger, settlement.ReservationId, call.Reservation.Agent, settlement.Charged, settlement.Held);
        }
    }
}
