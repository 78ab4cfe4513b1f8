using SpendGuard.Calls.Counts;
using SpendGuard.Calls.Runs;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Telemetry;

namespace SpendGuard.Calls.Wire;

/// <summary>Watches the attempts of reserved calls, and holds for further ones.</summary>
internal sealed class WireWatch(RunHolds holds, CallsInFlight inFlight, SpendGuardOptions options, Prices prices, EngineTelemetry telemetry, RefusalCounter refusals) : IDisposable
{
    private readonly Lazy<HttpRequests> _requests = new();

    public CallAttempts Over(ReservedCall reserved, Func<string, bool> isOther, Vendor server, Uri? address)
    {
        ArgumentNullException.ThrowIfNull(isOther);
        ArgumentNullException.ThrowIfNull(server);
        return new CallAttempts(reserved, _requests.Value, isOther, server, address, () => HoldAgainAsync(reserved));
    }

    public void Dispose()
    {
        if (_requests.IsValueCreated)
        {
            _requests.Value.Dispose();
        }
    }

    /// <summary>Holds once more what is held for a call, or is refused at once: whoever sends the attempt does not expect to wait.</summary>
    private async ValueTask<ReservedCall> HoldAgainAsync(ReservedCall reserved)
    {
        using var use = inFlight.Use.Enter();
        var (quote, held) = (reserved.Quote, reserved.Reservation.Held);
        var id = ReservationId.New();
        var since = inFlight.Cuts.Last;
        try
        {
            var (reservation, inRun) = await holds.HoldAsync(
                quote.Call.CappedRun,
                now => quote.ToReserve(id, now, options.ReservationLifetime) with { Floor = held, Ceiling = held, IsTentative = false, Fingerprint = null },
                TimeSpan.Zero,
                CancellationToken.None,
                quote.Need).ConfigureAwait(false);
            return inFlight.Add(new ReservedCall(inFlight, prices, quote, reservation, inRun, span: null, ((IOpenCall)reserved).Cut!), since);
        }
        catch (Exception exception)
        {
            telemetry.Refused(CallLabels.Of(reserved.Model), reserved.Reservation.Agent, span: null, exception);
            refusals.Add(exception, quote.Call.Agent, quote.Call.Run, quote.Call.Model.ToString(), quote.Call.Function);
            throw;
        }
    }
}
