using Microsoft.Extensions.Logging;
using SpendGuard.Alerts;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Alerts;

public sealed class AlertDeliveryTests
{
    private readonly DeliveryBench _bench = new();

    [Fact]
    public async Task Alert_IsBroughtToEverySink()
    {
        FakeSink one = FakeSink.Taking("one"), other = FakeSink.Taking("other");
        await using var delivery = _bench.Start(one, other);

        _bench.Raise("evt_1");
        _bench.Raise("evt_2");
        delivery.Pulse();

        await _bench.DeliveredAsync("evt_2", "one", "other");
        Assert.Equal(["evt_1", "evt_2"], one.Came);
        Assert.Equal(["evt_1", "evt_2"], other.Came);
    }

    [Fact]
    public async Task Alert_RaisedByAnotherProcess_IsFound()
    {
        var sink = FakeSink.Taking("one");
        await using var delivery = _bench.Start(sink);
        _bench.Raise("evt_1");
        await _bench.DeliveredAsync("evt_1", "one");

        _bench.Raise("evt_2");

        await _bench.DeliveredAsync("evt_2", "one");
    }

    [Fact]
    public async Task Log_HasOneLine_ThatReadsWell()
    {
        await using var delivery = _bench.Start(new LogAlertSink(new LoggerFactory([_bench.Log]).CreateLogger<LogAlertSink>()));

        _bench.Raise("evt_1");

        await _bench.DeliveredAsync("evt_1", "log");
        Assert.Equal(
            ["The limit 'month' of 'team-red' is used to 80%, with $400.00000001 spent and $12.00 held of $500.00. (spendguard.limit.threshold, evt_1)"],
            _bench.Log.At(LogLevel.Warning));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sink_ThatHangs_DelaysNoOther_AndIsTriedAgain(bool heeds)
    {
        var hangs = true;
        var hanging = new FakeSink("hanging", (_, token) => Volatile.Read(ref hangs) ? Task.Delay(-1, heeds ? token : default) : Task.CompletedTask);
        var blocking = new FakeSink("blocking", (_, token) =>
        {
            using var never = new ManualResetEventSlim();
            while (Volatile.Read(ref hangs) && !(heeds && token.IsCancellationRequested))
            {
                never.Wait(10, CancellationToken.None);
            }

            return Task.CompletedTask;
        });
        var good = FakeSink.Taking("good");
        await using var delivery = _bench.Start(hanging, blocking, good);

        _bench.Raise("evt_1");
        delivery.Pulse();

        await Eventually.HoldsAsync(() => good.Came.Count == 1 && hanging.Came.Count == 1 && blocking.Came.Count == 1);
        await _bench.TimedOutAsync("evt_1", "hanging");
        Volatile.Write(ref hangs, false);
        await _bench.DeliveredAsync("evt_1", "hanging", "blocking");
        Assert.Single(good.Came);
    }

    [Fact]
    public async Task Sink_ThatThrows_IsTriedEightTimesInADay_ThenGivenUpAndSaidSo()
    {
        var times = new List<DateTimeOffset>();
        var sink = new FakeSink("down", (_, _) =>
        {
            times.Add(_bench.Time.GetUtcNow());
            throw new InvalidOperationException("no");
        });
        await using var delivery = _bench.Start(sink);
        _bench.Raise("evt_1");
        delivery.Pulse();

        await _bench.ProgressedAsync("evt_1", "down", static progress => progress is { Failure: not null, DueAt: null }, TimeSpan.FromMinutes(30));

        Assert.Equal(8, times.Count);
        Assert.InRange(times[^1] - times[0], TimeSpan.FromHours(27.5), TimeSpan.FromHours(40));
        Assert.Equal("Alert evt_1 was not delivered to down, and is given up after 8 attempts: InvalidOperationException: no It can be replayed.", Assert.Single(_bench.Log.At(LogLevel.Error)));
        Assert.Equal(7, _bench.Log.At(LogLevel.Warning).Count);
    }

    [Fact]
    public async Task Alert_ThatWasGivenUp_IsReplayed()
    {
        var isDown = true;
        var sink = new FakeSink("sink", (_, _) => Volatile.Read(ref isDown) ? throw new InvalidOperationException("no") : Task.CompletedTask);
        await using var delivery = _bench.Start(sink);
        _bench.Raise("evt_1");
        await _bench.ProgressedAsync("evt_1", "sink", static progress => progress is { Failure: not null, DueAt: null }, TimeSpan.FromMinutes(30));

        Volatile.Write(ref isDown, false);
        Assert.Equal(1, await _bench.ReplayAsync("evt_1"));

        await _bench.DeliveredAsync("evt_1", "sink");
    }

    [Fact]
    public async Task Receiver_ThatAsksForRest_GetsNothingMeanwhile()
    {
        var came = new List<(string Id, DateTimeOffset At)>();
        var sink = new FakeSink("busy", (alert, _) =>
        {
            came.Add((alert.Id, _bench.Time.GetUtcNow()));
            return came.Count == 1 ? throw new NotDeliveredException("It answered 429.") { RetryAfter = TimeSpan.FromMinutes(10) } : Task.CompletedTask;
        });
        await using var delivery = _bench.Start(sink);
        _bench.Raise("evt_1");
        delivery.Pulse();
        await Eventually.HoldsAsync(async () => (await _bench.ProgressAsync("evt_1", "busy"))?.Failure is not null);

        _bench.Raise("evt_2");
        delivery.Pulse();
        await _bench.DeliveredAsync("evt_2", "busy");
        await _bench.DeliveredAsync("evt_1", "busy");

        Assert.Equal(3, came.Count);
        Assert.All(came.Skip(1), attempt => Assert.True(attempt.At >= DeliveryBench.Noon.AddMinutes(10), $"{attempt}"));
    }

    [Fact]
    public async Task Receiver_ThatIsGone_GetsNothingMore_AndIsSaidToBe()
    {
        var sink = new FakeSink("gone", (_, _) => throw new NotDeliveredException("It answered 410.") { IsGone = true });
        var good = FakeSink.Taking("good");
        await using var delivery = _bench.Start(sink, good);
        _bench.Raise("evt_1");
        _bench.Raise("evt_2");
        await _bench.DeliveredAsync("evt_2", "good");
        await Eventually.HoldsAsync(async () => (await _bench.ProgressAsync("evt_1", "gone"))?.Failure is not null);

        for (var hour = 0; hour < 3; hour++)
        {
            _bench.Pass(TimeSpan.FromHours(1));
            _bench.Raise($"evt_later_{hour}");
            await _bench.DeliveredAsync($"evt_later_{hour}", "good");
        }

        Assert.Equal(["evt_1"], sink.Came);
        Assert.Contains("gone", Assert.Single(_bench.Log.At(LogLevel.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_LetsWhatIsUnderWayEnd()
    {
        var end = new TaskCompletionSource();
        var sink = new FakeSink("slow", (_, _) => end.Task);
        var delivery = _bench.Start(sink);
        _bench.Raise("evt_1");
        _bench.Raise("evt_2");
        delivery.Pulse();
        await Eventually.HoldsAsync(() => sink.Came.Count == 1);

        var stopped = delivery.DisposeAsync().AsTask();
        Assert.False(stopped.IsCompleted);
        end.SetResult();
        await stopped;

        Assert.NotNull((await _bench.ProgressAsync("evt_1", "slow"))!.DeliveredAt);
        Assert.Equal(["evt_1"], sink.Came);
    }

    [Fact]
    public async Task Stop_CutsWhatDoesNotEnd_AndAnotherProcessDeliversIt()
    {
        var sink = new FakeSink("slow", (_, _) => Task.Delay(-1, CancellationToken.None));
        var process = _bench.NewProcess();
        var delivery = _bench.StartOn(process, sink);
        _bench.Raise("evt_1");
        delivery.Pulse();
        await Eventually.HoldsAsync(() => sink.Came.Count == 1);

        var stopped = delivery.DisposeAsync().AsTask();
        await Eventually.HoldsAsync(() => stopped.IsCompleted, () => _bench.Time.Advance(TimeSpan.FromSeconds(1)));
        await stopped;
        process.IsLost = true;

        var other = FakeSink.Taking("slow");
        await using var otherDelivery = _bench.Start(other);
        await _bench.DeliveredAsync("evt_1", "slow");
        Assert.Single(other.Came);
        Assert.Empty(_bench.Log.At(LogLevel.Error));
    }

    [Fact]
    public void Sinks_OfOneName_AreRefused() =>
        Assert.Throws<ArgumentException>(() => _bench.Start(FakeSink.Taking("same"), FakeSink.Taking("same")));
}
