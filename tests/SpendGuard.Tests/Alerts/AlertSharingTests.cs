using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Alerts;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Alerts;

/// <summary>Several processes on one outbox.</summary>
public sealed class AlertSharingTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
    private readonly InMemoryAlerts _outbox = new();
    private readonly RecordedLog _log = new();

    [Fact]
    public async Task Processes_ThatLive_DeliverEachAlertOnce()
    {
        var came = new ConcurrentBag<string>();
        var ids = Enumerable.Range(0, 200).Select(at => $"evt_{at}").ToList();
        var deliveries = Enumerable.Range(0, 2).Select(_ => Start(new FakeSink("webhook", async (alert, _) =>
        {
            await Task.Yield();
            came.Add(alert.Id);
        }))).ToList();

        foreach (var id in ids)
        {
            _outbox.Add(SomeAlert.Of(id, _time.GetUtcNow()));
            deliveries[id.Length % 2].Pulse();
        }

        await AllDeliveredAsync();
        Assert.Equal(ids.Order(StringComparer.Ordinal), came.Order(StringComparer.Ordinal));
        foreach (var delivery in deliveries)
        {
            await delivery.DisposeAsync();
        }
    }

    [Fact]
    public async Task Process_ThatDiedWithAnAlert_HasItDeliveredByAnother()
    {
        var died = new TaskCompletionSource();
        var store = new DyingOutbox(_outbox);
        var first = new FakeSink("webhook", (_, _) =>
        {
            // It was sent; that it was does not get into the store any more.
            store.Dead = true;
            died.SetResult();
            return Task.CompletedTask;
        });
        await using var dead = new AlertDelivery(store, [first], _time, _log.CreateLogger("dead"));
        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));
        dead.Pulse();
        await died.Task;

        var second = FakeSink.Taking("webhook");
        await using var living = Start(second);
        await AllDeliveredAsync();

        Assert.Equal(["evt_1"], second.Came);
    }

    [Fact]
    public async Task Store_ThatFailsForAWhile_DelaysTheNote_AndNothingIsSentTwice()
    {
        var store = new DyingOutbox(_outbox);
        var sink = new FakeSink("webhook", (_, _) =>
        {
            store.Dead = true;
            return Task.CompletedTask;
        });
        await using var delivery = new AlertDelivery(store, [sink], _time, _log.CreateLogger("delivery"));
        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));
        delivery.Pulse();
        await Eventually.HoldsAsync(() => store.Refused > 0);

        store.Dead = false;
        await AllDeliveredAsync();

        Assert.Single(sink.Came);
    }

    private AlertDelivery Start(ISpendAlertSink sink) => new(_outbox, [sink], _time, _log.CreateLogger("delivery"));

    private Task AllDeliveredAsync() => Eventually.HoldsAsync(
        async () => (await _outbox.ListAsync(null, null, 1000, default)).All(kept => kept.Progress is [{ DeliveredAt: not null }]),
        () => _time.Advance(TimeSpan.FromSeconds(1)));

    /// <summary>An outbox as a process sees it that has lost its store.</summary>
    private sealed class DyingOutbox(IAlertOutbox inner) : IAlertOutbox
    {
        private int _refused;

        public bool Dead { get; set; }

        public int Refused => Volatile.Read(ref _refused);

        public ValueTask RegisterAsync(string sink, DateTimeOffset since, TimeSpan forgetAfter, DateTimeOffset now, CancellationToken cancellationToken) =>
            Living().RegisterAsync(sink, since, forgetAfter, now, cancellationToken);

        public ValueTask<DueAlert?> TakeAsync(string sink, TimeSpan lease, DateTimeOffset now, CancellationToken cancellationToken) =>
            Living().TakeAsync(sink, lease, now, cancellationToken);

        public ValueTask<bool> MarkDeliveredAsync(DueAlert alert, DateTimeOffset now, CancellationToken cancellationToken) =>
            Living().MarkDeliveredAsync(alert, now, cancellationToken);

        public ValueTask<bool> MarkFailedAsync(DueAlert alert, string failure, TimeSpan? retryIn, DateTimeOffset now, CancellationToken cancellationToken) =>
            Living().MarkFailedAsync(alert, failure, retryIn, now, cancellationToken);

        public ValueTask<IReadOnlyList<KeptAlert>> ListAsync(long? before, NodeId? node, int limit, CancellationToken cancellationToken) =>
            Living().ListAsync(before, node, limit, cancellationToken);

        public ValueTask<int> ReplayAsync(AlertSelection which, DateTimeOffset now, CancellationToken cancellationToken) =>
            Living().ReplayAsync(which, now, cancellationToken);

        private IAlertOutbox Living()
        {
            if (Dead)
            {
                Interlocked.Increment(ref _refused);
                throw new InvalidOperationException("The store is gone.");
            }

            return inner;
        }
    }
}
