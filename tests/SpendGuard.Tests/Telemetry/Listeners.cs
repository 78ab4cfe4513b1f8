using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SpendGuard.Tests.Telemetry;

/// <summary>A meter factory of a test's own, and all that its meters measure.</summary>
internal sealed class Listeners : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _metrics = new();
    private readonly ActivityListener _spans;
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _measured = [];

    /// <param name="agent">The agent whose spans are kept; listeners hear all of the process.</param>
    public Listeners(AgentId agent)
    {
        _metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _metrics.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measure(instrument, value, tags));
        _metrics.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measure(instrument, value, tags));
        _metrics.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measure(instrument, value, tags));
        _spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SpendGuard",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem("gen_ai.agent.id"), agent.ToString()))
                {
                    Spans.Enqueue(span);
                }
            },
        };
        _metrics.Start();
        ActivitySource.AddActivityListener(_spans);
    }

    public ConcurrentQueue<Activity> Spans { get; } = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options.Name);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>All that an instrument measured, with its tags in order.</summary>
    public IEnumerable<(double Value, string Tags)> Of(string instrument)
    {
        _metrics.RecordObservableInstruments();
        return _measured.Where(measured => measured.Name == instrument).Select(measured => (measured.Value, measured.Tags));
    }

    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private void Measure(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
}
