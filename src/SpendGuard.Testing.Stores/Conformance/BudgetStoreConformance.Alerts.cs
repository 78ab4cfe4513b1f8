using SpendGuard.Alerts;
using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <content>Alerts are kept with what they tell of. A store that keeps none passes these.</content>
public abstract partial class BudgetStoreConformance
{
    [Fact]
    public async Task Forfeit_KeepsItsAlert_Once()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 5, 10);
        Assert.Equal(Store.Alerts is not null, (await Store.ForfeitAsync("r")).HasAlerts);
        await Store.ForfeitAsync("r");

        await AssertAlertsAsync((AlertKind.Forfeited, "a"));
    }

    /// <summary>A refusal leaves no entry in the ledger, and is told of nevertheless, once.</summary>
    [Fact]
    public async Task Refusal_KeepsItsAlert_Once()
    {
        await Store.SetAsync("a", 100);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("a", $"r{i}", 101, 101)).Status);
        }

        Assert.Single(await Store.LedgerAsync());
        await AssertAlertsAsync((AlertKind.Refused, "a"));
    }

    [Fact]
    public async Task Pause_OfABreaker_KeepsItsAlert_WithTheThresholdThatWasReached()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)).ThatPauses().AlertingAt(50));
        await Store.SetAsync("agent", 1000);
        await Store.ReserveAsync("agent", "r1", 60, 60);
        await Store.SettleAsync("r1", 60);
        Assert.Equal(BudgetStatus.Paused, (await Store.ReserveAsync("agent", "r2", 60, 60)).Status);

        await AssertAlertsAsync((AlertKind.LimitThreshold, "team"), (AlertKind.Paused, "team"));
    }

    /// <summary>Many that are refused at once share a commit, and leave one alert.</summary>
    [Fact]
    public async Task Refusals_AtOnce_KeepOneAlert_ForASinkThatIsThere()
    {
        if (Store.Alerts is not { } outbox)
        {
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        await outbox.RegisterAsync("log", now, TimeSpan.FromDays(1), now, default);
        await Store.SetAsync("a", 100);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Store.ReserveAsync("a", $"r{i}", 101, 101)));

        // Whatever clock the store goes by, it is due by then.
        var late = DateTimeOffset.MaxValue.AddDays(-9);
        Assert.Equal(AlertKind.Refused, (await outbox.TakeAsync("log", TimeSpan.FromDays(1), late, default))?.Alert.Kind);
        Assert.Null(await outbox.TakeAsync("log", TimeSpan.FromDays(1), late, default));
    }

    [Fact]
    public async Task Limit_ComesBackWithItsActionAndThresholds()
    {
        await Store.GroupAsync("g");
        foreach (var limit in (Limit[])
            [
                Limit.PerMonth(StoreSteps.Amount(50)).ThatAsks().AlertingAt(25, 50),
                Limit.PerMonth(StoreSteps.Amount(50)).ThatAsks().AlertingAt(),
                Limit.PerMonth(StoreSteps.Amount(50)).AlertingAt(80, 100),
            ])
        {
            Assert.Equal(BudgetStatus.Applied, (await Store.LimitAsync("g", limit)).Status);
            Assert.Equal(limit, Assert.Single((await Store.PathAsync("g"))[0].Limits).Limit);
        }
    }

    [Fact]
    public async Task BudgetAndAccount_ComeBackWithTheirThresholds()
    {
        await MakeTeamAsync(Limit.PerYear(StoreSteps.Amount(100)).AlertingAt(25));
        await Store.LimitAsync("agent", Limit.Total(StoreSteps.Amount(100)).AlertingAt(30));
        await Store.ReserveAsync("agent", "r", 40, 40, runLimit: 50);

        Assert.Equal(new AlertThresholds([30]), (await Store.BudgetAsync("agent")).Thresholds);
        Assert.Equal(new AlertThresholds([25]), (await Store.PathAsync("team"))[0].Limits[0].Account!.Thresholds);

        // What ends finds them there: of the run's own limit nothing is told.
        await Store.SettleAsync("r", 40);
        await AssertAlertsAsync((AlertKind.LimitThreshold, "agent"), (AlertKind.LimitThreshold, "team"));
    }

    /// <summary>The alerts that the store has kept, in any order.</summary>
    private async Task AssertAlertsAsync(params (AlertKind Kind, string Node)[] expected)
    {
        if (Store.Alerts is { } outbox)
        {
            var kept = await outbox.ListAsync(before: null, node: null, 100, default);
            Assert.Equal(expected.Order(), kept.Select(one => (one.Alert.Kind, one.Alert.Node.Value)).Order());
        }
    }
}
