using Microsoft.Extensions.Logging;

namespace SpendGuard.Alerts;

/// <summary>Delivers what is due in an outbox to this process's sinks, in the background. A sink has a lane of its own, so that none waits for another.</summary>
internal sealed class AlertDelivery : IAsyncDisposable
{
    /// <summary>How long the process waits, when it ends, for what is under way.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly TimeProvider _time;
    private readonly AlertLane[] _lanes;
    private readonly Task _running;
    private int _disposed;

    /// <summary>Begins at once.</summary>
    /// <param name="outbox">Where alerts are kept.</param>
    /// <param name="sinks">Whom they are delivered to. They are not disposed of here.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">What goes wrong is told here.</param>
    /// <exception cref="ArgumentException">Two sinks have the same name.</exception>
    public AlertDelivery(IAlertOutbox outbox, IReadOnlyCollection<ISpendAlertSink> sinks, TimeProvider time, ILogger logger)
    {
        if (sinks.GroupBy(sink => sink.Name, StringComparer.Ordinal).FirstOrDefault(named => named.Count() > 1) is { } same)
        {
            throw new ArgumentException($"Two sinks of alerts have the name '{same.Key}', and either would get what the other is to have. Give them names of their own.", nameof(sinks));
        }

        _time = time;
        _lanes = [.. sinks.Select(sink => new AlertLane(outbox, sink, time, logger))];
        _running = Task.WhenAll(_lanes.Select(lane => Task.Run(() => lane.RunAsync(_stopping.Token, _cut.Token))));
    }

    /// <summary>An alert was raised in this process: what is due is looked for now. What others raise is found within seconds.</summary>
    public void Pulse()
    {
        foreach (var lane in _lanes)
        {
            lane.Pulse();
        }
    }

    /// <summary>Takes nothing more, and lets what is under way end within a few seconds. What is cut off is delivered by another process, or the next.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await _running.WaitAsync(Grace, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _cut.CancelAsync().ConfigureAwait(false);
            await _running.ConfigureAwait(false);
        }

        _stopping.Dispose();
        _cut.Dispose();
    }
}
