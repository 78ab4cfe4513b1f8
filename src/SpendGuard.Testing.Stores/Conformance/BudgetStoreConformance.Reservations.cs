using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    [Theory]
    [InlineData(10, 50, 50)]
    [InlineData(10, 100, 100)]
    [InlineData(10, 500, 100)]
    [InlineData(100, 500, 100)]
    [InlineData(0, 0, 0)]
    public async Task Reserve_HoldsTheMostThatFitsBetweenFloorAndCeiling(long floor, long ceiling, long held)
    {
        await Store.SetAsync("a", 100);

        var answer = await Store.ReserveAsync("a", "r", floor, ceiling, expires: 77, at: 7, model: "provider:x", run: "run 1");

        Assert.Equal(BudgetStatus.Applied, answer.Status);
        Assert.Equal(2, answer.Sequence);
        var expected = new Reservation
        {
            Id = new ReservationId("r"),
            Agent = "a",
            Run = "run 1",
            Model = "provider:x",
            Floor = StoreSteps.Amount(floor),
            Ceiling = StoreSteps.Amount(ceiling),
            Held = StoreSteps.Amount(held),
            CreatedAt = StoreSteps.Second(7),
            ExpiresAt = HasOwnClock ? answer.Reservation!.ExpiresAt : StoreSteps.Second(77),
        };
        Assert.Equal(expected, answer.Reservation);
        Assert.Equal(expected, await Store.FindReservationAsync(new ReservationId("r"), default));
        await AssertBudgetAsync("a", 100, 0, held, 1);
    }

    [Fact]
    public async Task Reserve_WhatIsSpentCannotComeBack_IsInsufficient()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 40, 40);
        await Store.SettleAsync("r", 40);

        var answer = await Store.ReserveAsync("a", "r2", 61, 100);

        Assert.Equal(BudgetStatus.Insufficient, answer.Status);
        Assert.Equal(0, answer.Sequence);
        Assert.Null(answer.Reservation);
        Assert.Null(await Store.FindReservationAsync(new ReservationId("r2"), default));
        await AssertBudgetAsync("a", 100, 40, 0, 0);
    }

    [Fact]
    public async Task Reserve_WhatIsHeldMayComeBack_IsLocked()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 40, 40);

        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("a", "r2", 61, 100)).Status);
        await Store.ReleaseAsync("r");
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("a", "r2", 61, 100)).Status);
    }

    [Fact]
    public async Task Reserve_NoBudget_IsRefused()
    {
        var answer = await Store.ReserveAsync("a", "r", 0, 0);

        Assert.Equal(new BudgetAnswer(BudgetStatus.NoBudget, Budget: null, Reservation: null, Sequence: 0), answer);
        Assert.Empty(await Store.LedgerAsync());
    }

    [Fact]
    public async Task Reserve_AtMaxInFlight_IsLockedUntilOneEnds()
    {
        await Store.SetAsync("a", 100, maxInFlight: 2);
        await Store.ReserveAsync("a", "r1", 1, 1);
        await Store.ReserveAsync("a", "r2", 1, 1);

        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("a", "r3", 1, 1)).Status);
        Assert.Equal(BudgetStatus.Insufficient, (await Store.ReserveAsync("a", "r3", 101, 101)).Status);
        await Store.ForfeitAsync("r1");
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("a", "r3", 1, 1)).Status);
    }

    [Fact]
    public async Task Reserve_UnderAShare_HoldsThatPartOfWhatIsFree_OrWhatItNeeds()
    {
        await Store.SetAsync("a", 1000, share: 25);

        Assert.Equal(250, (await Store.ReserveAsync("a", "large", 10, 900)).Reservation!.Held.Microcents);
        Assert.Equal(187, (await Store.ReserveAsync("a", "next", 10, 900)).Reservation!.Held.Microcents);
        Assert.Equal(20, (await Store.ReserveAsync("a", "small", 10, 20)).Reservation!.Held.Microcents);
        Assert.Equal(400, (await Store.ReserveAsync("a", "needs much", 400, 900)).Reservation!.Held.Microcents);
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("a", "too much now", 144, 144)).Status);
        await AssertBudgetAsync("a", 1000, 0, 857, 4);
    }

    [Theory]
    [InlineData(null, 100, BudgetStatus.Applied)]
    [InlineData(null, 101, BudgetStatus.Insufficient)]
    [InlineData(50, 50, BudgetStatus.Applied)]
    [InlineData(50, 51, BudgetStatus.Insufficient)]
    public async Task Reserve_Whole_HoldsTheCeilingOrNothing(int? share, long ceiling, BudgetStatus status)
    {
        await Store.SetAsync("a", 100, share: share);

        Assert.Equal(status, (await Store.ReserveAsync("a", "r", 10, ceiling, whole: true)).Status);

        var held = status == BudgetStatus.Applied ? ceiling : 0;
        await AssertBudgetAsync("a", 100, 0, held, held > 0 ? 1 : 0);
    }

    [Fact]
    public async Task Reserve_WholeThatFitsOnceCallsEnd_IsLocked()
    {
        await Store.SetAsync("a", 100, share: 50);
        await Store.ReserveAsync("a", "r", 10, 10);

        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("a", "r2", 10, 50, whole: true)).Status);
        Assert.Equal(45, (await Store.ReserveAsync("a", "r2", 10, 50)).Reservation!.Held.Microcents);
    }

    [Fact]
    public async Task Reserve_SameId_TakesEffectOnce()
    {
        await Store.SetAsync("a", 100);
        await Store.SetAsync("b", 100);
        var first = await Store.ReserveAsync("a", "r", 10, 20);

        var again = await Store.ReserveAsync("a", "r", 10, 20, expires: 999, at: 9);
        Assert.Equal(first with { Status = BudgetStatus.Replayed, Sequence = 0 }, again);
        Assert.Equal(BudgetStatus.Conflict, (await Store.ReserveAsync("a", "r", 11, 20)).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.ReserveAsync("a", "r", 10, 21)).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.ReserveAsync("a", "r", 10, 20, model: "p:other")).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.ReserveAsync("a", "r", 10, 20, model: null)).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.ReserveAsync("a", "r", 10, 20, run: null)).Status);
        await AssertBudgetAsync("a", 100, 0, 20, 1);

        await Store.SettleAsync("r", 5);
        var ended = await Store.ReserveAsync("a", "r", 10, 20);
        Assert.Equal(BudgetStatus.Replayed, ended.Status);
        Assert.Equal(ReservationEnd.Settled, ended.Reservation!.End);
    }

    [Fact]
    public async Task Reserve_IdOfAnotherAgent_IsAConflictThatShowsNothing()
    {
        await Store.SetAsync("a", 100);
        await Store.SetAsync("b", 50);
        await Store.ReserveAsync("a", "r", 10, 20);

        var answer = await Store.ReserveAsync("b", "r", 10, 20);

        Assert.Equal(BudgetStatus.Conflict, answer.Status);
        Assert.Null(answer.Reservation);
        Assert.Equal("b", answer.Budget!.Agent.Value);
        await AssertBudgetAsync("b", 50, 0, 0, 0);
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public async Task Reserve_Malformed_ChangesNothing(long floor, long ceiling)
    {
        await Store.SetAsync("a", 100);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReserveAsync("a", "r", floor, ceiling));

        await AssertBudgetAsync("a", 100, 0, 0, 0);
    }

    [Fact]
    public async Task DefaultId_OfAnyKind_IsRefusedAsMalformed()
    {
        BudgetCommand[] commands =
        [
            new SetBudget(default, Money.Zero, Money.Zero, MaxInFlight: null, IdempotencyKey: null, StoreSteps.Start),
            new CreateAgent(default, Name: null, StoreSteps.Start),
            new Reserve(new ReservationId("r"), default, Run: null, Model: null, Money.Zero, Money.Zero, StoreSteps.Start, StoreSteps.Start),
            new Reserve(default, "a", Run: null, Model: null, Money.Zero, Money.Zero, StoreSteps.Start, StoreSteps.Start),
            new Release(default, StoreSteps.Start),
        ];

        foreach (var command in commands)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.ApplyAsync(command, default));
        }

        Assert.Empty(await Store.LedgerAsync());
    }
}
