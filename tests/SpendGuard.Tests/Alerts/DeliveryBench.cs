using Microsoft.Extensions.Time.Testing;
using SpendGuard.Alerts;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Alerts;

/// <summary>An outbox, a clock that a test moves, and processes that deliver.</summary>
internal sealed class DeliveryBench
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly InMemoryAlerts _alerts = new();
    private readonly List<WatchedOutbox> _processes = [];

    public FakeTimeProvider Time { get; } = new(Noon);

    public RecordedLog Log { get; } = new();

    /// <summary>Raises an alert.</summary>
    public void Raise(string id) => _alerts.Add([SomeAlert.Of(id, Time.GetUtcNow())]);

    /// <summary>Starts a process that delivers.</summary>
    public AlertDelivery Start(params ISpendAlertSink[] sinks) => StartOn(NewProcess(), sinks);

    public AlertDelivery StartOn(WatchedOutbox process, params ISpendAlertSink[] sinks) => new(process, sinks, Time, Log.CreateLogger("delivery"));

    public WatchedOutbox NewProcess()
    {
        _processes.Add(new WatchedOutbox(_alerts));
        return _processes[^1];
    }

    public async Task<AlertProgress?> ProgressAsync(string id, string sink) => (await _alerts.ListAsync(null, null, 1000, default))
        .Single(kept => kept.Alert.Id == id).Progress.SingleOrDefault(progress => progress.Sink == sink);

    /// <summary>Waits while time passes until a sink has an alert.</summary>
    public async Task DeliveredAsync(string id, params string[] sinks)
    {
        foreach (var sink in sinks)
        {
            await ProgressedAsync(id, sink, progress => progress.DeliveredAt is not null);
        }
    }

    /// <summary>Waits until it is so. Time passes, but not while an alert is under way, whose time would be over before the machine comes to it.</summary>
    public Task ProgressedAsync(string id, string sink, Func<AlertProgress, bool> isSo, TimeSpan? step = null) => Eventually.HoldsAsync(
        async () => await ProgressAsync(id, sink) is { } progress && isSo(progress),
        () => Pass(step));

    /// <summary>Waits, while time passes in any case, until an attempt was cut off.</summary>
    public Task TimedOutAsync(string id, string sink) => Eventually.HoldsAsync(
        async () => (await ProgressAsync(id, sink))?.Failure == "It did not end within 15 s.",
        () => Time.Advance(TimeSpan.FromSeconds(1)));

    public ValueTask<int> ReplayAsync(string id) => _alerts.ReplayAsync(new AlertSelection { Id = id }, Time.GetUtcNow(), default);

    public void Pass(TimeSpan? step = null)
    {
        if (_processes.TrueForAll(process => process.UnderWay == 0 || process.IsLost))
        {
            Time.Advance(step ?? TimeSpan.FromSeconds(5));
        }
    }
}
