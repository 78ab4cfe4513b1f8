using System.Diagnostics.Metrics;
using SpendGuard.Budgets;

namespace SpendGuard.Telemetry;

/// <summary>The engine's instruments. Amounts are counted in microcents, exactly.</summary>
internal sealed class EngineMetrics
{
    private const string Microcents = "{microcent}";

    private readonly Counter<long> _held;
    private readonly Counter<long> _settled;
    private readonly Counter<long> _released;
    private readonly Counter<long> _forfeited;
    private readonly Counter<long> _overrun;
    private readonly Counter<long> _calls;
    private readonly UpDownCounter<long> _inFlight;

    public EngineMetrics(Meter meter, Func<double> priceAge)
    {
        _held = meter.CreateCounter<long>("spendguard.reservation.held", Microcents, "Microcents held for calls.");
        _settled = meter.CreateCounter<long>("spendguard.reservation.settled", Microcents, "Microcents that settled calls cost.");
        _released = meter.CreateCounter<long>("spendguard.reservation.released", Microcents, "Microcents given back for calls that were not billed.");
        _forfeited = meter.CreateCounter<long>("spendguard.reservation.forfeited", Microcents, "Microcents booked for calls whose cost is unknown.");
        _overrun = meter.CreateCounter<long>("spendguard.reservation.overrun", Microcents, "Microcents that providers billed beyond what was held.");
        _calls = meter.CreateCounter<long>("spendguard.call.count", "{call}", "Calls that were refused or have ended, by outcome.");
        StoreDuration = meter.CreateHistogram("spendguard.store.duration", "s", "Time that the store takes to commit a command.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
        });
        _inFlight = meter.CreateUpDownCounter<long>("spendguard.call.in_flight", "{call}", "Calls in flight in this process.");
        meter.CreateObservableGauge("spendguard.price.age", priceAge, "s", "Age of the prices in force.");
    }

    public Histogram<double> StoreDuration { get; }

    public void Held(CallLabels call, Money held)
    {
        _held.Add(held.Microcents, call.First, call.Second);
        _inFlight.Add(1, call.First, call.Second);
    }

    /// <summary>A call is in flight no more, whatever becomes of its end.</summary>
    public void Landed(CallLabels call) => _inFlight.Add(-1, call.First, call.Second);

    public void Ended(CallLabels call, Settlement settlement)
    {
        var charged = settlement.Charged.Microcents;
        switch (settlement.End)
        {
            case ReservationEnd.Settled:
                _settled.Add(charged, call.First, call.Second);
                break;
            case ReservationEnd.Released:
                _released.Add(settlement.Held.Microcents, call.First, call.Second);
                break;
            case ReservationEnd.Forfeited:
                _forfeited.Add(charged, call.First, call.Second);
                break;
        }

        if (settlement.Overrun)
        {
            _overrun.Add(charged - settlement.Held.Microcents, call.First, call.Second);
        }

        _calls.Add(1, call.First, call.Second, new(Outcome.Attribute, Outcome.Of(settlement.End)));
    }

    /// <summary>A hold expired, most likely of a process that is gone.</summary>
    public void Expired(Money held)
    {
        _forfeited.Add(held.Microcents);
        _calls.Add(1, new KeyValuePair<string, object?>(Outcome.Attribute, Outcome.Expired));
    }

    public void NotCommitted(CallLabels call) => _calls.Add(1, call.First, call.Second, new(Outcome.Attribute, Outcome.Uncommitted));

    public void Refused(CallLabels call, string reason)
    {
        KeyValuePair<string, object?> outcome = new(Outcome.Attribute, Outcome.Refused);
        KeyValuePair<string, object?> why = new(GenAINames.ErrorType, reason);
        if (reason == "unknown_model")
        {
            // Its name can be anything, and each would be a time series of its own.
            _calls.Add(1, outcome, why);
            return;
        }

        ReadOnlySpan<KeyValuePair<string, object?>> tags = [call.First, call.Second, outcome, why];
        _calls.Add(1, tags);
    }
}
