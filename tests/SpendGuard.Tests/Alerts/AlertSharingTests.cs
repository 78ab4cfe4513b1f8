using System.Collections.Concurrent;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Alerts;

/// <summary>Several processes on one outbox.</summary>
public sealed class AlertSharingTests
{
    private readonly DeliveryBench _bench = new();

    [Fact]
    public async Task Processes_ThatLive_DeliverEachAlertOnce()
    {
        var came = new ConcurrentBag<string>();
        var ids = Enumerable.Range(0, 200).Select(at => $"evt_{at}").ToList();
        FakeSink Sink() => new("webhook", async (alert, _) =>
        {
            await Task.Yield();
            came.Add(alert.Id);
        });
        await using var one = _bench.Start(Sink());
        await using var other = _bench.Start(Sink());

        foreach (var id in ids)
        {
            _bench.Raise(id);
            one.Pulse();
            other.Pulse();
        }

        foreach (var id in ids)
        {
            await _bench.DeliveredAsync(id, "webhook");
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), came.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Process_ThatDiedWithAnAlert_HasItDeliveredByAnother()
    {
        var process = _bench.NewProcess();
        var died = new TaskCompletionSource();
        await using var dead = _bench.StartOn(process, new FakeSink("webhook", (_, _) =>
        {
            // It was sent; that it was does not get into the store any more.
            process.IsLost = true;
            died.SetResult();
            return Task.CompletedTask;
        }));
        _bench.Raise("evt_1");
        dead.Pulse();
        await died.Task;

        var second = FakeSink.Taking("webhook");
        await using var living = _bench.Start(second);
        await _bench.DeliveredAsync("evt_1", "webhook");

        Assert.Equal(["evt_1"], second.Came);
        Assert.InRange(_bench.Time.GetUtcNow(), DeliveryBench.Noon.AddMinutes(1), DeliveryBench.Noon.AddMinutes(2));
    }

    [Fact]
    public async Task Store_ThatFailsForAWhile_DelaysTheNote_AndNothingIsSentTwice()
    {
        var process = _bench.NewProcess();
        var sink = new FakeSink("webhook", (_, _) =>
        {
            process.IsLost = true;
            return Task.CompletedTask;
        });
        await using var delivery = _bench.StartOn(process, sink);
        _bench.Raise("evt_1");
        delivery.Pulse();
        await Eventually.HoldsAsync(() => process.Refused > 0);

        process.IsLost = false;
        await Eventually.HoldsAsync(
            async () => (await _bench.ProgressAsync("evt_1", "webhook"))!.DeliveredAt is not null, () => _bench.Time.Advance(TimeSpan.FromSeconds(1)));

        Assert.Single(sink.Came);
    }
}
