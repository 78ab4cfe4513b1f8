using SpendGuard.Budgets;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    [Theory]
    [InlineData(100, 0, 100)]
    [InlineData(100, 30, 30)]
    [InlineData(100, 500, 100)]
    [InlineData(0, 0, 0)]
    public async Task SetBudget_First_GrantsTheTopUpOrTheLimit(long limit, long topUp, long granted)
    {
        var answer = await Store.SetAsync("a", limit, topUp, maxInFlight: 3);

        Assert.Equal(BudgetStatus.Applied, answer.Status);
        Assert.Equal(1, answer.Sequence);
        Assert.Equal(3, answer.Budget!.MaxInFlight);
        Assert.Equal(limit, answer.Budget.HardLimit.Microcents);
        await AssertBudgetAsync("a", granted, 0, 0, 0);
    }

    [Theory]
    [InlineData(100, 0, 60)]
    [InlineData(100, 10, 70)]
    [InlineData(100, 40, 100)]
    [InlineData(100, 41, 100)]
    [InlineData(200, 41, 101)]
    public async Task SetBudget_Again_TopsUpToTheLimitAndNotAbove(long limit, long topUp, long remaining)
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 40, 40);
        await Store.SettleAsync("r", 40);

        var answer = await Store.SetAsync("a", limit, topUp);

        Assert.Equal(remaining, answer.Budget!.Remaining.Microcents);
        Assert.Equal(40, answer.Budget.Spent.Microcents);
        Assert.Null(answer.Budget.MaxInFlight);
    }

    [Fact]
    public async Task SetBudget_WithoutMaxInFlight_LeavesItAsItIs()
    {
        Assert.Null((await Store.SetAsync("a", 100)).Budget!.MaxInFlight);
        Assert.Equal(5, (await Store.SetAsync("a", 100, maxInFlight: 5)).Budget!.MaxInFlight);
        Assert.Equal(5, (await Store.SetAsync("a", 100, topUp: 5)).Budget!.MaxInFlight);
        Assert.Equal(5, (await Store.SetAsync("a", 0)).Budget!.MaxInFlight);
        Assert.Equal(7, (await Store.SetAsync("a", 100, maxInFlight: 7)).Budget!.MaxInFlight);
        Assert.Equal(7, (await Store.BudgetAsync("a")).MaxInFlight);
    }

    [Fact]
    public async Task SetBudget_WithoutMaxCallShare_LeavesItAsItIs()
    {
        Assert.Null((await Store.SetAsync("a", 100)).Budget!.MaxCallShare);
        Assert.Equal(25, (await Store.SetAsync("a", 100, share: 25)).Budget!.MaxCallShare);
        Assert.Equal(25, (await Store.SetAsync("a", 100, topUp: 5, maxInFlight: 2)).Budget!.MaxCallShare);
        await Store.ReserveAsync("a", "r", 1, 1);
        await Store.SettleAsync("r", 1);
        Assert.Equal(25, (await Store.BudgetAsync("a")).MaxCallShare);
        Assert.Equal(100, (await Store.SetAsync("a", 100, share: 100)).Budget!.MaxCallShare);
        Assert.Equal(100, (await Store.BudgetAsync("a")).MaxCallShare);
    }

    [Fact]
    public async Task SetBudget_SameKeyWithAnotherShare_IsAnotherChange()
    {
        Assert.Equal(BudgetStatus.Applied, (await Store.SetAsync("a", 100, key: "k", share: 25)).Status);
        Assert.Equal(BudgetStatus.Replayed, (await Store.SetAsync("a", 100, key: "k", share: 25)).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.SetAsync("a", 100, key: "k", share: 50)).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.SetAsync("a", 100, key: "k")).Status);
    }

    [Fact]
    public async Task SetBudget_LowerLimit_TakesWhatIsFreeButNeverWhatIsHeld()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 40, 40);

        await Store.SetAsync("a", 10);

        await AssertBudgetAsync("a", 40, 0, 40, 1);
        Assert.Equal(0, (await Store.BudgetAsync("a")).Available.Microcents);
        await Store.SettleAsync("r", 35);
        Assert.Equal(5, (await Store.BudgetAsync("a")).Remaining.Microcents);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    [InlineData(30, 30)]
    [InlineData(90, 35)]
    public async Task SetBudget_LowerLimitInFlight_GivesBackNoMoreThanTheLimit(long limit, long remaining)
    {
        await Store.SetAsync("a", 100, topUp: 40);
        await Store.ReserveAsync("a", "r", 40, 40);
        await Store.SetAsync("a", limit);

        await Store.SettleAsync("r", 5);

        await AssertBudgetAsync("a", 5 + remaining, 5, 0, 0);
    }

    [Theory]
    [InlineData(0, BudgetStatus.Insufficient)]
    [InlineData(9, BudgetStatus.Insufficient)]
    [InlineData(10, BudgetStatus.Locked)]
    public async Task SetBudget_LowerLimitInFlight_RefusesAtOnceWhatCanNeverFit(long limit, BudgetStatus status)
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 40, 40);
        await Store.SetAsync("a", limit);

        Assert.Equal(status, (await Store.ReserveAsync("a", "next", 10, 10)).Status);

        await Store.ReleaseAsync("r");
        await AssertBudgetAsync("a", limit, 0, 0, 0);
    }

    [Fact]
    public async Task SetBudget_LowerLimitInFlight_StillHoldsForTheOthers()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r1", 40, 40);
        await Store.ReserveAsync("a", "r2", 40, 40);
        await Store.SetAsync("a", 10);

        await Store.SettleAsync("r1", 1);
        await AssertBudgetAsync("a", 41, 1, 40, 1);
        await Store.ForfeitAsync("r2");
        await AssertBudgetAsync("a", 41, 41, 0, 0);
    }

    [Fact]
    public async Task SetBudget_Overdrawn_ForgivesNothing()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 40, 40);
        await Store.SettleAsync("r", 150);

        var same = await Store.SetAsync("a", 100);
        var lower = await Store.SetAsync("a", 10);
        var part = await Store.SetAsync("a", 100, topUp: 20);

        Assert.Equal(-50, same.Budget!.Remaining.Microcents);
        Assert.Equal(-50, lower.Budget!.Remaining.Microcents);
        Assert.Equal(-30, part.Budget!.Remaining.Microcents);
        Assert.True(part.Budget.Overdrawn);
    }

    [Fact]
    public async Task SetBudget_TopUpBesideAnOverrun_LiftsNothingAboveTheLimit()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r1", 50, 50);
        await Store.ReserveAsync("a", "r2", 50, 50);
        await Store.SettleAsync("r1", 80);

        var answer = await Store.SetAsync("a", 10, topUp: 1000);

        Assert.Equal(20, answer.Budget!.Remaining.Microcents);
        Assert.Equal(-30, answer.Budget.Available.Microcents);
    }

    [Fact]
    public async Task SetBudget_SameKey_TakesEffectOnceForEachAgent()
    {
        var first = await Store.SetAsync("a", 100, 10, key: "k");
        var again = await Store.SetAsync("a", 100, 10, key: "k", at: 9);
        var other = await Store.SetAsync("a", 100, 11, key: "k");
        var otherAgent = await Store.SetAsync("b", 100, 20, key: "k");
        var otherKey = await Store.SetAsync("a", 100, 10, key: "K");

        Assert.Equal(BudgetStatus.Applied, first.Status);
        Assert.Equal(BudgetStatus.Replayed, again.Status);
        Assert.Equal(0, again.Sequence);
        Assert.Equal(10, again.Budget!.Granted.Microcents);
        Assert.Equal(BudgetStatus.Conflict, other.Status);
        Assert.Equal(10, other.Budget!.Granted.Microcents);
        Assert.Equal(BudgetStatus.Applied, otherAgent.Status);
        Assert.Equal(BudgetStatus.Applied, otherKey.Status);
        await AssertBudgetAsync("a", 20, 0, 0, 0);
        await AssertBudgetAsync("b", 20, 0, 0, 0);
    }

    [Theory]
    [InlineData(-1, 0, null, null)]
    [InlineData(1, -1, null, null)]
    [InlineData(1, 0, 0, null)]
    [InlineData(1, 0, null, 0)]
    [InlineData(1, 0, null, 101)]
    public async Task SetBudget_Malformed_ChangesNothing(long limit, long topUp, int? maxInFlight, int? share)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.SetAsync("a", limit, topUp, maxInFlight, share: share));
        Assert.Null(await Store.FindBudgetAsync("a", default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nul\0")]
    [InlineData("half \ud83d")]
    public async Task SetBudget_KeyThatCannotBeStored_IsRefused(string key) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.SetAsync("a", 1, key: key));

    [Fact]
    public async Task Overflow_FailsTheCommandAndNothingElse()
    {
        var max = Money.MaxValue.Microcents;
        await Store.SetAsync("a", max);
        await Store.ReserveAsync("a", "r1", 1, max - 5);
        await Store.ReserveAsync("a", "r2", 5, 5);
        await Store.SettleAsync("r1", max - 5);
        var before = (await Store.BudgetAsync("a"), await Store.LedgerAsync());

        await Assert.ThrowsAsync<OverflowException>(() => Store.SettleAsync("r2", 6));
        await Assert.ThrowsAsync<OverflowException>(() => Store.SetAsync("a", max, max));

        Assert.Equal(before.Item1, await Store.BudgetAsync("a"));
        Assert.Equal(before.Item2, await Store.LedgerAsync());
        Assert.Equal(BudgetStatus.Applied, (await Store.SettleAsync("r2", 5)).Status);
        await AssertBudgetAsync("a", max, max, 0, 0);
    }

    [Fact]
    public async Task Overflow_AmongManyAtOnce_FailsOnlyItsOwn()
    {
        await Store.SetAsync("a", Money.MaxValue.Microcents);
        await Store.ReserveAsync("a", "r", 1, Money.MaxValue.Microcents - 100);
        await Store.SettleAsync("r", Money.MaxValue.Microcents - 100);
        await Store.ReserveAsync("a", "bad", 1, 1);

        var bad = Store.SettleAsync("bad", 1000);
        var good = Enumerable.Range(0, 20).Select(i => Store.ReserveAsync("a", $"good {i}", 1, 1)).ToArray();

        await Assert.ThrowsAsync<OverflowException>(() => bad);
        Assert.All(await Task.WhenAll(good), answer => Assert.Equal(BudgetStatus.Applied, answer.Status));
    }
}
