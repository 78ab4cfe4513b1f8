using System.Diagnostics;
using System.Diagnostics.Metrics;
using SpendGuard.Billing;
using SpendGuard.Budgets;
using SpendGuard.Calls;

namespace SpendGuard.Telemetry;

/// <summary>Tells whoever listens what becomes of calls: a span for each, and the metrics.</summary>
internal sealed class EngineTelemetry : IDisposable
{
    private readonly ActivitySource _source = new(SpendGuardTelemetry.Name);
    private readonly Meter? _ownMeter;
    private readonly EngineMetrics _metrics;

    /// <param name="meters">Where meters come from; null for one of its own.</param>
    /// <param name="priceAge">The age of the prices in force, in seconds.</param>
    /// <param name="agents">By how many agents metrics are told apart.</param>
    public EngineTelemetry(IMeterFactory? meters, Func<double> priceAge, int agents)
    {
        var meter = meters?.Create(SpendGuardTelemetry.Name) ?? (_ownMeter = new Meter(SpendGuardTelemetry.Name));
        _metrics = new EngineMetrics(meter, priceAge, agents);
    }

    public Histogram<double> StoreDuration => _metrics.StoreDuration;

    public Activity? Start(ModelCall call) => CallSpan.Start(_source, call);

    public void Reserved(IOpenCall reserved)
    {
        if (reserved is ReservedCall call)
        {
            CallSpan.Reserved(call.Activity, call);
        }

        _metrics.Held(reserved.Labels, reserved.Reservation.Agent, reserved.Reservation.Held);
    }

    /// <summary>A batch is held, and is no call in flight.</summary>
    public void Held(Reservation batch, CallLabels labels)
    {
        _metrics.Held(labels, batch.Agent, batch.Held);
        _metrics.Landed(labels, batch.Agent);
    }

    /// <summary>A batch has ended.</summary>
    public void Ended(Reservation batch, CallLabels labels, Settlement settlement) => _metrics.Ended(labels, batch.Agent, settlement);

    /// <summary>A call is refused that is asked for again: what is told is what comes of that.</summary>
    public static void RefusedTentatively(Activity? span) => CallSpan.Drop(span);

    public void Refused(CallLabels call, AgentId agent, Activity? span, Exception exception)
    {
        CallSpan.Failed(span, Outcome.Refused, Outcome.ReasonOf(exception));
        _metrics.Refused(call, agent, Outcome.ReasonOf(exception));
    }

    /// <summary>The call is in flight no longer.</summary>
    public void Landed(IOpenCall call) => _metrics.Landed(call.Labels, call.Reservation.Agent);

    public void Ended(IOpenCall call, Settlement settlement, Bill? bill)
    {
        if (bill is not null)
        {
            CallSpan.Billed(call.Activity, bill);
        }

        CallSpan.Ended(call.Activity, settlement);
        _metrics.Ended(call.Labels, call.Reservation.Agent, settlement);
    }

    /// <summary>The store could not commit the end of a call. When it can, later, that is told no more.</summary>
    public void NotCommitted(IOpenCall call)
    {
        CallSpan.Failed(call.Activity, Outcome.Uncommitted, Outcome.StoreUnavailable);
        _metrics.NotCommitted(call.Labels, call.Reservation.Agent);
    }

    public void Expired(Reservation reservation) => _metrics.Expired(reservation.Agent, reservation.Held);

    public void Dispose()
    {
        _source.Dispose();
        _ownMeter?.Dispose();
    }
}
