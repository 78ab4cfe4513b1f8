using System.Diagnostics;
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
    private readonly AgentLabels _agents;

    public EngineMetrics(Meter meter, Func<double> priceAge, int agents)
    {
        _agents = new AgentLabels(agents);
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

    public void Held(CallLabels call, AgentId agent, Money held)
    {
        var tags = Tags(call, agent);
        _held.Add(held.Microcents, tags);
        _inFlight.Add(1, tags);
    }

    /// <summary>A call is in flight no more, whatever becomes of its end.</summary>
    public void Landed(CallLabels call, AgentId agent) => _inFlight.Add(-1, Tags(call, agent));

    public void Ended(CallLabels call, AgentId agent, Settlement settlement)
    {
        var tags = Tags(call, agent);
        var charged = settlement.Charged.Microcents;
        switch (settlement.End)
        {
            case ReservationEnd.Settled:
                _settled.Add(charged, tags);
                break;
            case ReservationEnd.Released:
                _released.Add(settlement.Held.Microcents, tags);
                break;
            case ReservationEnd.Forfeited:
                _forfeited.Add(charged, tags);
                break;
        }

        if (settlement.Overrun)
        {
            _overrun.Add(charged - settlement.Held.Microcents, tags);
        }

        tags.Add(Outcome.Attribute, Outcome.Of(settlement.End));
        _calls.Add(1, tags);
    }

    /// <summary>A hold expired, most likely of a process that is gone.</summary>
    public void Expired(AgentId agent, Money held)
    {
        TagList tags = [];
        _agents.AddTo(ref tags, agent);
        _forfeited.Add(held.Microcents, tags);
        tags.Add(Outcome.Attribute, Outcome.Expired);
        _calls.Add(1, tags);
    }

    public void NotCommitted(CallLabels call, AgentId agent)
    {
        var tags = Tags(call, agent);
        tags.Add(Outcome.Attribute, Outcome.Uncommitted);
        _calls.Add(1, tags);
    }

    /// <param name="call">What was to be called.</param>
    /// <param name="agent">Who has called.</param>
    /// <param name="reason">Why.</param>
    public void Refused(CallLabels call, AgentId agent, string reason)
    {
        TagList tags = [];
        if (reason != "unknown_model")
        {
            // Its name can be anything, and each would be a time series of its own.
            tags.Add(call.First);
            tags.Add(call.Second);
        }

        _agents.AddTo(ref tags, agent, exists: reason is Outcome.Insufficient or Outcome.Locked or Outcome.Paused);
        tags.Add(Outcome.Attribute, Outcome.Refused);
        tags.Add(GenAINames.ErrorType, reason);
        _calls.Add(1, tags);
    }

    private TagList Tags(CallLabels call, AgentId agent)
    {
        TagList tags = [call.First, call.Second];
        _agents.AddTo(ref tags, agent);
        return tags;
    }
}
