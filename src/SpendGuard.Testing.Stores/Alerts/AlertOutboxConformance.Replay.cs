using SpendGuard.Alerts;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <content>Alerts that are delivered anew.</content>
public abstract partial class AlertOutboxConformance
{
    /// <summary>What is replayed goes to every sink as if it had just been raised, also one that came later; and who had taken it has no say.</summary>
    [Fact]
    public async Task Replay_ById_MakesItDueForAllSinks()
    {
        await RegisterAsync("a");
        await RaiseAsync(Bare("evt_1", Early));
        await RaiseAsync(Bare("evt_2", Early));
        await Outbox.MarkDeliveredAsync((await TakeAsync("a"))!, Now, default);
        var taken = (await TakeAsync("a"))!;
        await Outbox.RegisterAsync("b", Now, Long, Now, default);

        Assert.Equal(1, await Outbox.ReplayAsync(new AlertSelection { Id = "evt_1" }, Now, default));
        Assert.Equal(0, await Outbox.ReplayAsync(new AlertSelection { Id = "evt_9" }, Now, default));

        var again = (await TakeAsync("a"))!;
        Assert.Equal(("evt_1", 1), (again.Alert.Id, again.Attempt));
        Assert.Equal("evt_1", (await TakeAsync("b"))?.Alert.Id);
        Assert.Null(await TakeAsync("b"));
        Assert.True(await Outbox.MarkDeliveredAsync(taken, Now, default));

        Assert.Equal(1, await Outbox.ReplayAsync(new AlertSelection { Id = "evt_1" }, Now, default));
        Assert.False(await Outbox.MarkDeliveredAsync(again, Now, default));
    }

    /// <summary>Alerts since a time are replayed.</summary>
    [Fact]
    public async Task Replay_Since_TakesThatTimeIn()
    {
        await RegisterAsync("log");
        foreach (var day in Enumerable.Range(1, 3))
        {
            await RaiseAsync(Bare($"evt_{day}", Early.AddDays(day)));
            await Outbox.MarkDeliveredAsync((await TakeAsync("log"))!, Now, default);
        }

        Assert.Equal(2, await Outbox.ReplayAsync(new AlertSelection { Since = Early.AddDays(2) }, Now, default));

        Assert.Equal("evt_2", (await TakeAsync("log"))?.Alert.Id);
        Assert.Equal("evt_3", (await TakeAsync("log"))?.Alert.Id);
        Assert.Null(await TakeAsync("log"));
    }
}
