using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Alerts;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Alerts;

public sealed class AlertDeliveryTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
    private readonly InMemoryAlerts _outbox = new();
    private readonly RecordedLog _log = new();

    [Fact]
    public async Task Alert_IsBroughtToEverySink()
    {
        FakeSink one = FakeSink.Taking("one"), other = FakeSink.Taking("other");
        await using var delivery = Start(one, other);

        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));
        _outbox.Add(SomeAlert.Of("evt_2", _time.GetUtcNow()));
        delivery.Pulse();

        await DeliveredAsync("evt_2", "one", "other");
        Assert.Equal(["evt_1", "evt_2"], one.Came);
        Assert.Equal(["evt_1", "evt_2"], other.Came);
    }

    [Fact]
    public async Task Alert_RaisedByAnotherProcess_IsFound()
    {
        var sink = FakeSink.Taking("one");
        await using var delivery = Start(sink);
        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));
        await DeliveredAsync("evt_1", "one");

        _outbox.Add(SomeAlert.Of("evt_2", _time.GetUtcNow()));

        await DeliveredAsync("evt_2", "one");
    }

    [Fact]
    public async Task Log_HasOneLine_ThatReadsWell()
    {
        await using var delivery = Start(new LogAlertSink(_log.CreateLogger("alerts")));

        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));

        await DeliveredAsync("evt_1", "log");
        Assert.Equal(
            ["The limit 'month' of 'team-red' is used to 80%, with $400.00000001 spent and $12.00 held of $500.00. (spendguard.limit.threshold, evt_1)"],
            _log.At(LogLevel.Warning));
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
        await using var delivery = Start(hanging, blocking, good);

        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));
        delivery.Pulse();

        await Eventually.HoldsAsync(() => good.Came.Count == 1 && hanging.Came.Count == 1 && blocking.Came.Count == 1);
        await Eventually.HoldsAsync(async () => (await ProgressAsync("evt_1", "hanging"))?.Failure is not null, Pass);
        Assert.Equal("It did not end within 15 s.", (await ProgressAsync("evt_1", "hanging"))!.Failure);
        Volatile.Write(ref hangs, false);
        await DeliveredAsync("evt_1", "hanging", "blocking");
        Assert.Single(good.Came);
    }

    [Fact]
    public async Task Sink_ThatThrows_IsTriedEightTimesInADay_ThenGivenUpAndSaidSo()
    {
        var times = new List<DateTimeOffset>();
        var sink = new FakeSink("down", (_, _) =>
        {
            times.Add(_time.GetUtcNow());
            throw new InvalidOperationException("no");
        });
        await using var delivery = Start(sink);
        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));
        delivery.Pulse();

        await Eventually.HoldsAsync(
            async () => await ProgressAsync("evt_1", "down") is { Failure: not null, DueAt: null },
            () => _time.Advance(TimeSpan.FromMinutes(5)));

        Assert.Equal(8, times.Count);
        Assert.InRange(times[^1] - times[0], TimeSpan.FromHours(27.5), TimeSpan.FromHours(48));
        Assert.Equal("Alert evt_1 was not delivered to down, and is given up after 8 attempts: InvalidOperationException: no It can be replayed.", Assert.Single(_log.At(LogLevel.Error)));
        Assert.Equal(7, _log.At(LogLevel.Warning).Count);
    }

    [Fact]
    public async Task Alert_ThatWasGivenUp_IsReplayed()
    {
        var isDown = true;
        var sink = new FakeSink("sink", (_, _) => Volatile.Read(ref isDown) ? throw new InvalidOperationException("no") : Task.CompletedTask);
        await using var delivery = Start(sink);
        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));
        await Eventually.HoldsAsync(
            async () => await ProgressAsync("evt_1", "sink") is { Failure: not null, DueAt: null },
            () => _time.Advance(TimeSpan.FromMinutes(5)));

        Volatile.Write(ref isDown, false);
        Assert.Equal(1, await _outbox.ReplayAsync(new AlertSelection { Id = "evt_1" }, _time.GetUtcNow(), default));

        await DeliveredAsync("evt_1", "sink");
    }

    [Fact]
    public async Task Receiver_ThatAsksForRest_GetsNothingMeanwhile()
    {
        var sink = new FakeSink("busy", (alert, _) => alert.Id == "evt_1" && _time.GetUtcNow() < Noon.AddMinutes(10)
            ? throw new NotDeliveredException("It answered 429.") { RetryAfter = TimeSpan.FromMinutes(10) }
            : Task.CompletedTask);
        await using var delivery = Start(sink);
        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));
        delivery.Pulse();
        await Eventually.HoldsAsync(async () => (await ProgressAsync("evt_1", "busy"))?.Failure is not null);

        _outbox.Add(SomeAlert.Of("evt_2", _time.GetUtcNow()));
        delivery.Pulse();
        for (var second = 0; second < 599; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["evt_1"], sink.Came);
        await DeliveredAsync("evt_1", "busy");
        await DeliveredAsync("evt_2", "busy");
    }

    [Fact]
    public async Task Receiver_ThatIsGone_GetsNothingMore_AndIsSaidToBe()
    {
        var sink = new FakeSink("gone", (_, _) => throw new NotDeliveredException("It answered 410.") { IsGone = true });
        var good = FakeSink.Taking("good");
        await using var delivery = Start(sink, good);
        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));
        _outbox.Add(SomeAlert.Of("evt_2", _time.GetUtcNow()));
        await DeliveredAsync("evt_2", "good");

        await Eventually.HoldsAsync(async () => (await ProgressAsync("evt_1", "gone"))?.Failure is not null);
        for (var step = 0; step < 300; step++)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(["evt_1"], sink.Came);
        Assert.Contains("gone", Assert.Single(_log.At(LogLevel.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_LetsWhatIsUnderWayEnd()
    {
        var end = new TaskCompletionSource();
        var sink = new FakeSink("slow", (_, _) => end.Task);
        var delivery = Start(sink);
        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));
        _outbox.Add(SomeAlert.Of("evt_2", _time.GetUtcNow()));
        delivery.Pulse();
        await Eventually.HoldsAsync(() => sink.Came.Count == 1);

        var stopped = delivery.DisposeAsync().AsTask();
        Assert.False(stopped.IsCompleted);
        end.SetResult();
        await stopped;

        Assert.NotNull((await ProgressAsync("evt_1", "slow"))!.DeliveredAt);
        Assert.Equal(["evt_1"], sink.Came);
    }

    [Fact]
    public async Task Stop_CutsWhatDoesNotEnd_AndAnotherProcessDeliversIt()
    {
        var sink = new FakeSink("slow", (_, _) => Task.Delay(-1, CancellationToken.None));
        var delivery = Start(sink);
        _outbox.Add(SomeAlert.Of("evt_1", _time.GetUtcNow()));
        delivery.Pulse();
        await Eventually.HoldsAsync(() => sink.Came.Count == 1);

        var stopped = delivery.DisposeAsync().AsTask();
        await Eventually.HoldsAsync(() => stopped.IsCompleted, Pass);
        await stopped;

        var other = FakeSink.Taking("slow");
        await using var otherDelivery = Start(other);
        await DeliveredAsync("evt_1", "slow");
        Assert.Single(other.Came);
        Assert.Empty(_log.At(LogLevel.Error));
    }

    [Fact]
    public void Sinks_OfOneName_AreRefused() =>
        Assert.Throws<ArgumentException>(() => Start(FakeSink.Taking("same"), FakeSink.Taking("same")));

    private static DateTimeOffset Noon => new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private AlertDelivery Start(params ISpendAlertSink[] sinks) => new(_outbox, sinks, _time, _log.CreateLogger("delivery"));

    private void Pass() => _time.Advance(TimeSpan.FromSeconds(1));

    private async Task DeliveredAsync(string id, params string[] sinks)
    {
        foreach (var sink in sinks)
        {
            await Eventually.HoldsAsync(async () => (await ProgressAsync(id, sink))?.DeliveredAt is not null, Pass);
        }
    }

    private async Task<AlertProgress?> ProgressAsync(string id, string sink) => (await _outbox.ListAsync(null, null, 100, default))
        .Single(kept => kept.Alert.Id == id).Progress.SingleOrDefault(progress => progress.Sink == sink);
}
