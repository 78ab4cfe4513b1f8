using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Alerts;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Alerts;

/// <summary>An engine delivers what its own commands raise at once: the clock of these tests stands still, and so nothing is found by looking now and then.</summary>
public sealed class EngineAlertsTests
{
    private readonly FakeTimeProvider _time = new(DeliveryBench.Noon);

    [Fact]
    public async Task Sinks_RegisteredOrInTheOptions_AreGivenWhatIsRaised()
    {
        FakeSink registered = FakeSink.Taking("registered"), option = FakeSink.Taking("option");
        await using var provider = new ServiceCollection()
            .AddSingleton<TimeProvider>(_time)
            .AddSingleton<ISpendAlertSink>(registered)
            .AddSpendGuard(options => options.UseInMemoryStore().AlertSinks.Add(option))
            .BuildServiceProvider();
        var engine = provider.GetRequiredService<SpendGuardEngine>();
        await engine.CreateGroupAsync("team");

        await engine.PauseAsync("team", "too much");

        await Eventually.HoldsAsync(() => registered.Came.Count == 1 && option.Came.Count == 1);
        var kept = Assert.Single(await engine.ListAlertsAsync());
        Assert.Equal(["option", "registered"], kept.Progress.Select(progress => progress.Sink));
    }

    [Fact]
    public async Task Replay_DeliversOnceMore()
    {
        var sink = FakeSink.Taking("sink");
        await using var engine = Engine(sink);
        await engine.CreateGroupAsync("team");
        await engine.PauseAsync("team");
        await Eventually.HoldsAsync(async () => (await engine.ListAlertsAsync()) is [{ Progress: [{ DeliveredAt: not null }] }]);
        var id = sink.Came.Single();

        Assert.Equal(1, await engine.ReplayAlertsAsync(new AlertSelection { Id = id }));
        Assert.Equal(0, await engine.ReplayAlertsAsync(new AlertSelection { Id = "evt_other" }));

        await Eventually.HoldsAsync(() => sink.Came.Count == 2);
        Assert.Equal([id, id], sink.Came);
    }

    [Fact]
    public async Task SinkThatHangs_DelaysNoCommand_NorTheEngineForLong()
    {
        var hung = new TaskCompletionSource();
        var sink = new FakeSink("sink", (_, _) => hung.Task);
        var engine = Engine(sink);
        await engine.CreateGroupAsync("team");
        await engine.PauseAsync("team");
        await Eventually.HoldsAsync(() => sink.Came.Count == 1);

        await engine.ResumeAsync("team");
        _time.Advance(TimeSpan.FromTicks(1));
        await engine.PauseAsync("team");

        Assert.Equal(3, (await engine.ListAlertsAsync()).Count);
        var disposed = engine.DisposeAsync().AsTask();
        await Eventually.HoldsAsync(() => disposed.IsCompleted, () => _time.Advance(TimeSpan.FromSeconds(1)));
        await disposed;
    }

    [Fact]
    public async Task SinksOfOneName_AreRefused()
    {
        await using var store = new InMemoryBudgetStore();
        var options = new SpendGuardOptions { AlertSinks = { FakeSink.Taking("sink") } };

        Assert.Throws<ArgumentException>(() => new SpendGuardEngine(store, Prices(), options, alertSinks: [FakeSink.Taking("sink")]));
    }

    private SpendGuardEngine Engine(FakeSink sink) =>
        new(new InMemoryBudgetStore(), Prices(), new SpendGuardOptions { AlertSinks = { sink } }, _time);

    private static SpendGuard.Pricing.Prices Prices() => new(SpendGuard.Pricing.PriceBook.LoadBundled());
}
