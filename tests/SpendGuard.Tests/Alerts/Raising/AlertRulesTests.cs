using SpendGuard.Alerts;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Alerts;

/// <summary>What is told of, and what is not. Amounts are microcents.</summary>
public sealed class AlertRulesTests
{
    private readonly InMemoryBudgetStore _store = new();

    [Fact]
    public async Task Threshold_OfABudget_IsToldOfWhatIsSpent_NotOfWhatIsHeld()
    {
        await _store.SetAsync("a", 100);
        await _store.ReserveAsync("a", "one", 1, 100);
        Assert.Empty(await AlertsAsync());

        await _store.SettleAsync("one", 79);
        Assert.Empty(await AlertsAsync());

        await SpendAsync("two", 1);
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal(
            (AlertKind.LimitThreshold, new NodeId("a"), null, 80, Amount(100), Amount(80), "a", "run", "p:m"),
            (alert.Kind, alert.Node, alert.Limit, alert.Percent, alert.Granted, alert.Spent, alert.Agent?.Value, alert.Run?.Value, alert.Model));
    }

    [Fact]
    public async Task Threshold_SeveralReachedAtOnce_AreOneAlertEach()
    {
        await LimitAsync(Limit.Total(Amount(100)).AlertingAt(50, 80, 90));

        await SpendAsync("one", 85);

        Assert.Equal([50, 80], (await AlertsAsync()).Select(alert => alert.Percent));
    }

    [Fact]
    public async Task Threshold_ReachedAgain_IsToldOnce_UntilTheAmountChanges()
    {
        await LimitAsync(Limit.Total(Amount(100)).AlertingAt(50));
        await _store.ReserveAsync("a", "one", 60, 60);
        await _store.ForfeitAsync("one");
        await _store.SettleAsync("one", 10);
        await SpendAsync("two", 60);
        Assert.Single(await AlertsAsync(), alert => alert.Kind == AlertKind.LimitThreshold);

        await _store.LimitAsync("team", Limit.Total(Amount(200)).AlertingAt(50));
        await SpendAsync("three", 40);
        Assert.Equal(2, (await AlertsAsync()).Count(alert => alert.Kind == AlertKind.LimitThreshold));
    }

    [Theory]
    [InlineData("total")]
    [InlineData("year")]
    public async Task Threshold_ReachedByTheEndOfARaise_IsTold(string window)
    {
        await _store.AgentAsync("a");
        await _store.LimitAsync("a", Limit.Of(Amount(100), LimitWindow.Parse(window, window == "year" ? "UTC" : null)).ThatAsks());
        await SpendAsync("one", 75);
        var asked = (await _store.ReserveAsync("a", "more", 70, 70)).Approval!.Value;
        await _store.ApplyAsync(new Approve(asked, "a", Amount(50), TimeSpan.FromSeconds(30), null, StoreSteps.Start), default);
        await SpendAsync("two", 20);
        Assert.DoesNotContain(await AlertsAsync(), alert => alert.Kind == AlertKind.LimitThreshold);

        await _store.ReserveAsync("a", "three", 1, 1, at: 40);
        await _store.SettleAsync("three", 1, at: 41);

        var alert = Assert.Single(await AlertsAsync(), alert => alert.Kind == AlertKind.LimitThreshold);
        Assert.Equal((80, 100L), (alert.Percent, alert.Granted?.Microcents));
    }

    [Fact]
    public async Task Threshold_InTheNextWindow_IsToldAgain()
    {
        const int Day = 24 * 3600;
        await LimitAsync(Limit.PerDay(Amount(100)).AlertingAt(50));

        await SpendAsync("one", 60);
        await SpendAsync("two", 60, at: Day);

        Assert.Equal(2, (await AlertsAsync()).Count);
    }

    [Fact]
    public async Task Threshold_OfARollingLimit_IsToldOnceInItsLength_AndAgainLater()
    {
        const int Hour = 3600;
        await LimitAsync(Limit.Rolling(Amount(100), TimeSpan.FromHours(2)).AlertingAt(50));
        await SpendAsync("one", 60);
        await SpendAsync("two", 1, at: Hour);
        Assert.Single(await AlertsAsync());

        await SpendAsync("three", 55, at: 4 * Hour);
        Assert.Equal(2, (await AlertsAsync()).Count);
    }

    [Fact]
    public async Task Refused_ByALimitThatNothingWasEverHeldIn_IsToldOnce()
    {
        await LimitAsync(Limit.Rolling(Amount(10), TimeSpan.FromHours(2)));
        await _store.LimitAsync("team", Limit.Total(Amount(20)));
        await _store.ReserveAsync("a", "one", 20, 20, at: 1);
        await _store.ReserveAsync("a", "two", 20, 20, at: 2);
        Assert.Single(await AlertsAsync());
        await _store.RemoveLimitAsync("team", "rolling-2h");
        await _store.ReserveAsync("a", "three", 30, 30, at: 3);
        await _store.ReserveAsync("a", "four", 30, 30, at: 4);

        Assert.Equal(["rolling-2h", "total"], (await AlertsAsync()).Select(alert => alert.Limit));
    }

    [Fact]
    public async Task Threshold_OfALimitThatIsLowered_IsToldAtOnce()
    {
        await LimitAsync(Limit.Total(Amount(100)));
        await SpendAsync("one", 50);

        await _store.LimitAsync("team", Limit.Total(Amount(60)));

        Assert.Equal([80], (await AlertsAsync()).Select(alert => alert.Percent));
    }

    [Fact]
    public async Task Threshold_OfABudgetThatIsToppedUp_CountsFromThere()
    {
        await _store.SetAsync("a", 100);
        await SpendAsync("one", 80);
        await _store.SetAsync("a", 100, topUp: 80);
        Assert.Single(await AlertsAsync());

        await SpendAsync("two", 79);
        Assert.Single(await AlertsAsync());

        await SpendAsync("three", 1);
        Assert.Equal([(80, Amount(100), Amount(80)), (80, Amount(100), Amount(80))], (await AlertsAsync()).Select(alert => (alert.Percent!.Value, alert.Granted!.Value, alert.Spent!.Value)));
    }

    [Fact]
    public async Task Threshold_OfALimitOfZero_IsNotTold()
    {
        await LimitAsync(Limit.Total(Money.Zero));

        Assert.Empty(await AlertsAsync());
    }

    [Fact]
    public async Task Threshold_None_IsNotTold()
    {
        await LimitAsync(Limit.Total(Amount(100)).AlertingAt());

        await SpendAsync("one", 100);

        Assert.Empty(await AlertsAsync());
    }

    [Fact]
    public async Task Refused_IsToldOnce_WithWhatIsFull()
    {
        await LimitAsync(Limit.PerMonth(Amount(100)));
        await SpendAsync("one", 70);

        await _store.ReserveAsync("a", "two", 50, 60);
        await _store.ReserveAsync("a", "three", 40, 60);

        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal(
            (AlertKind.Refused, new NodeId("team"), "month", Amount(50), Amount(70), "a"),
            (alert.Kind, alert.Node, alert.Limit, alert.Required!.Value, alert.Spent!.Value, alert.Agent?.Value));
    }

    [Fact]
    public async Task Refused_ByABudget_IsToldAgainOnceItWasToppedUp()
    {
        await _store.SetAsync("a", 100);
        await SpendAsync("one", 60);
        await _store.ReserveAsync("a", "two", 50, 60);
        await _store.SetAsync("a", 100, topUp: 10);
        await _store.ReserveAsync("a", "three", 60, 60);

        Assert.Equal(2, (await AlertsAsync()).Count(alert => alert.Kind == AlertKind.Refused));
    }

    [Fact]
    public async Task Refused_ForNow_OrTentatively_IsNotTold()
    {
        await _store.SetAsync("a", 100);
        await _store.ReserveAsync("a", "one", 60, 60);
        Assert.Equal(BudgetStatus.Locked, (await _store.ReserveAsync("a", "two", 50, 60)).Status);
        var tentative = new Reserve(new ReservationId("three"), "a", null, "p:m", Amount(200), Amount(200), StoreSteps.Second(9), StoreSteps.Start) { IsTentative = true };
        Assert.Equal(BudgetStatus.Insufficient, (await _store.ApplyAsync(tentative, default)).Status);

        Assert.Empty(await AlertsAsync());
    }

    [Fact]
    public async Task Breaker_IsToldAsAPause_WithItsReason()
    {
        await LimitAsync(Limit.PerDay(Amount(100)).ThatPauses());

        var answer = await _store.ReserveAsync("a", "one", 101, 101);

        Assert.True(answer.HasAlerts);
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal((AlertKind.Paused, new NodeId("team"), "a"), (alert.Kind, alert.Node, alert.Agent?.Value));
        Assert.Contains("of", alert.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_IsToldOnce_InPlaceOfTheRefusal()
    {
        await LimitAsync(Limit.PerDay(Amount(100)).ThatAsks());

        var first = await _store.ReserveAsync("a", "one", 101, 120);
        await _store.ReserveAsync("a", "two", 130, 130);

        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal(
            (AlertKind.ApprovalRequested, new NodeId("team"), "day", Amount(101), first.Approval?.Value),
            (alert.Kind, alert.Node, alert.Limit, alert.Required!.Value, alert.ApprovalId));
        Assert.NotNull(alert.ApprovalId);
    }

    [Fact]
    public async Task PauseAndResume_AreTold_AndSentAgainAreNot()
    {
        await _store.GroupAsync("team");
        await _store.PauseAsync("team", "too much");
        await _store.PauseAsync("team", "too much");
        await _store.MoveAsync("team", under: null);
        await _store.ResumeAsync("team");
        await _store.ResumeAsync("team");

        Assert.Equal([(AlertKind.Paused, TreeSteps.By, "too much"), (AlertKind.Resumed, TreeSteps.By, null)], (await AlertsAsync()).Select(alert => (alert.Kind, alert.By, alert.Reason)));
    }

    [Fact]
    public async Task Overdrawn_IsToldOnce_OfEachThatIs()
    {
        await LimitAsync(Limit.PerDay(Amount(50)).AlertingAt());
        await _store.SetAsync("a", 100);
        await _store.ReserveAsync("a", "one", 10, 10);
        await _store.ReserveAsync("a", "two", 10, 10);

        await _store.SettleAsync("one", 80);
        await _store.SettleAsync("two", 40);

        Assert.Equal(
            [("team", "day"), ("a", null)],
            (await AlertsAsync()).Where(alert => alert.Kind == AlertKind.Overdrawn).Select(alert => (alert.Node.Value, alert.Limit)));
    }

    [Fact]
    public async Task Forfeited_IsToldOfEachCall_WithWhatWasBooked()
    {
        await _store.SetAsync("a", 100);
        await _store.ReserveAsync("a", "one", 10, 10, expires: 1);
        await _store.ReserveAsync("a", "two", 20, 20);
        await _store.ForfeitAsync("one", onlyIfExpired: true, at: 2);
        await _store.ForfeitAsync("two");
        await _store.ForfeitAsync("two", known: 30);

        Assert.Equal([Amount(10), Amount(20)], (await AlertsAsync()).Where(alert => alert.Kind == AlertKind.Forfeited).Select(alert => alert.Required));
    }

    [Fact]
    public async Task Run_IsToldOfWhenItsLimitIsFull_AndNotBefore()
    {
        await _store.SetAsync("a", 1000);
        await _store.ReserveAsync("a", "one", 90, 90, runLimit: 100);
        await _store.SettleAsync("one", 90);
        Assert.Empty(await AlertsAsync());

        await _store.ReserveAsync("a", "two", 20, 20);

        Assert.Equal((AlertKind.Refused, "run:run"), Assert.Single((await AlertsAsync()).Select(alert => (alert.Kind, alert.Limit))));
    }

    [Fact]
    public async Task Answer_OfACommandThatRaisesNothing_SaysSo()
    {
        Assert.False((await _store.SetAsync("a", 100)).HasAlerts);
        Assert.False((await _store.ReserveAsync("a", "one", 10, 10)).HasAlerts);
    }

    private static Money Amount(long microcents) => Money.FromMicrocents(microcents);

    private async Task LimitAsync(Limit limit)
    {
        await _store.GroupAsync("team");
        await _store.AgentAsync("a", under: "team");
        await _store.LimitAsync("team", limit);
    }

    private async Task SpendAsync(string id, long amount, int at = 0)
    {
        Assert.Equal(BudgetStatus.Applied, (await _store.ReserveAsync("a", id, amount, amount, expires: at + 300, at: at)).Status);
        await _store.SettleAsync(id, amount, at);
    }

    private async Task<IReadOnlyList<Alert>> AlertsAsync() =>
        [.. (await _store.Alerts.ListAsync(before: null, node: null, 100, default)).OrderBy(kept => kept.Sequence).Select(kept => kept.Alert)];
}
