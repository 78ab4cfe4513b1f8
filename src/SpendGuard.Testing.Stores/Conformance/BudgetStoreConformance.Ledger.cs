using System.Globalization;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    [Fact]
    public async Task Ledger_TellsEverythingInOrder()
    {
        await Store.SetAsync("a", 100, key: "k", at: 1);
        await Store.ReserveAsync("a", "r1", 10, 20, at: 2);
        await Store.SetAsync("b", 50, at: 3);
        await Store.SettleAsync("r1", 15, at: 4);
        await Store.ReserveAsync("a", "r2", 10, 20, model: null, run: null, at: 5);
        await Store.ReserveAsync("a", "r3", 10, 20, at: 6);
        await Store.ReleaseAsync("r2", at: 7);
        await Store.ForfeitAsync("r3", at: 8);
        await Store.SettleAsync("r3", 1, at: 9);

        var ledger = await Store.LedgerAsync();

        Assert.Equal(
            [
                "1 BudgetSet a -  +1 0 of 100/100, 0 spent, 0 held",
                "2 Reserved a r1 p:m run +2 20 of 100/100, 0 spent, 20 held",
                "3 BudgetSet b -  +3 0 of 50/50, 0 spent, 0 held",
                "4 Settled a r1 p:m run +4 15 of 100/100, 15 spent, 0 held",
                "5 Reserved a r2  +5 20 of 100/100, 15 spent, 20 held",
                "6 Reserved a r3 p:m run +6 20 of 100/100, 15 spent, 40 held",
                "7 Released a r2  +7 0 of 100/100, 15 spent, 20 held",
                "8 Forfeited a r3 p:m run +8 20 of 100/100, 35 spent, 0 held",
                "9 Corrected a r3 p:m run +9 1 of 100/100, 16 spent, 0 held",
            ],
            ledger.Select(entry => string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Sequence} {entry.Kind} {entry.Agent} {entry.Reservation?.Value ?? "-"} {entry.Model}{(entry.Run is { } run ? " " + run : "")} "
                + $"+{(entry.At - StoreSteps.Start).TotalSeconds} {entry.Amount.Microcents} of {entry.Granted.Microcents}/{entry.HardLimit.Microcents}, "
                + $"{entry.Spent.Microcents} spent, {entry.Held.Microcents} held")));
        Assert.Equal("k", ledger[0].IdempotencyKey);
        Assert.Equal([3L], (await Store.LedgerAsync("b")).Select(entry => entry.Sequence));
        Assert.Equal([5L, 6L], (await Store.ReadLedgerAsync(4, new AgentId("a"), 2, default)).Select(entry => entry.Sequence));
        Assert.Equal([4L], (await Store.ReadLedgerAsync(3, agent: null, 1, default)).Select(entry => entry.Sequence));
        Assert.Empty(await Store.ReadLedgerAsync(9, agent: null, 10, default));
    }

    [Fact]
    public async Task Agents_AreIsolated()
    {
        await Store.SetAsync("a", 100);
        await Store.SetAsync("A", 10);
        await Store.ReserveAsync("A", "x", 1, 5);
        await Store.ReserveAsync("a", "X", 100, 100);
        await Store.SettleAsync("X", 1000);

        Assert.Equal(5, (await Store.BudgetAsync("A")).Available.Microcents);
        Assert.Null(await Store.FindBudgetAsync("a ", default));
        Assert.Null(await Store.FindBudgetAsync("b", default));
    }

    [Fact]
    public async Task Ids_OfAnyKind_ComeBackAsTheyWere()
    {
        string[] ids = ["'; DROP TABLE budgets; --", "\"quoted\"", "%_?1@p:$x", "👩‍👩‍👧‍👦 agent", "ß ẞ ss", new string('ü', 200), "e\u0301", "é"];
        foreach (var id in ids)
        {
            await Store.SetAsync(id, 100, key: id);
            var answer = await Store.ReserveAsync(id, id, 1, 7, model: id, run: id);
            Assert.Equal(BudgetStatus.Applied, answer.Status);
            Assert.Equal(answer.Reservation, await Store.FindReservationAsync(new ReservationId(id), default));
            Assert.Equal(BudgetStatus.Replayed, (await Store.ReserveAsync(id, id, 1, 7, model: id, run: id)).Status);
            Assert.Equal(BudgetStatus.Replayed, (await Store.SetAsync(id, 100, key: id)).Status);
        }

        Assert.Equal(ids, (await Store.LedgerAsync()).Where(entry => entry.Kind == LedgerEntryKind.Reserved).Select(entry => entry.Agent!.Value.Value));
        Assert.Equal(ids, (await Store.LedgerAsync()).Select(entry => entry.IdempotencyKey).OfType<string>());
    }

    [Fact]
    public async Task FunctionAndUnbounded_StandOnTheReservationAndOnEachOfItsEntries()
    {
        await Store.SetAsync("a", 100);
        var reserve = new Reserve(
            new ReservationId("r"), "a", new RunId("run"), "p:m", Money.Zero, Money.FromMicrocents(5), StoreSteps.Second(300), StoreSteps.Start)
        {
            Function = "weather-forecast",
            Unbounded = "top_secret_field, x",
        };

        await Store.ApplyAsync(reserve, default);
        Assert.Equal(BudgetStatus.Replayed, (await Store.ApplyAsync(reserve, default)).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.ApplyAsync(reserve with { Function = "other" }, default)).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.ApplyAsync(reserve with { Unbounded = null }, default)).Status);
        await Store.SettleAsync("r", 3);

        var reservation = await Store.FindReservationAsync(reserve.Id, default);
        Assert.Equal((reserve.Function, reserve.Unbounded), (reservation!.Function, reservation.Unbounded));
        Assert.Equal(
            [(null, null), (reserve.Function, reserve.Unbounded), (reserve.Function, reserve.Unbounded)],
            (await Store.LedgerAsync()).Select(entry => (entry.Function, entry.Unbounded)));
    }

    [Fact]
    public async Task Times_ComeBackExactly()
    {
        var at = new DateTimeOffset(2031, 5, 6, 7, 8, 9, TimeSpan.FromHours(5)).AddTicks(1234567);
        await Store.SetAsync("a", 100);

        var answer = await Store.ApplyAsync(
            new Reserve(new ReservationId("r"), "a", null, null, Money.Zero, Money.Zero, at.AddTicks(1), at), default);

        var reservation = await Store.FindReservationAsync(new ReservationId("r"), default);
        Assert.Equal(at.UtcTicks, reservation!.CreatedAt.UtcTicks);
        Assert.Equal(HasOwnClock ? answer.Reservation!.ExpiresAt.UtcTicks : at.UtcTicks + 1, reservation.ExpiresAt.UtcTicks);
        Assert.Equal(at, (await Store.LedgerAsync())[^1].At);
    }

    [Fact]
    public async Task Cancelled_BeforeItIsTakenUp_LeavesNoTrace()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Store.ApplyAsync(new SetBudget("a", Money.MaxValue, Money.Zero, null, null, StoreSteps.Start), cancelled.Token));

        Assert.Null(await Store.FindBudgetAsync("a", default));
    }

    [Fact]
    public async Task Reserve_ManyAtOnce_NeverHoldsMoreThanThereIs()
    {
        await Store.SetAsync("a", 1000);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(i => Task.Run(() => Store.ReserveAsync("a", $"r{i}", 30, 30))));

        Assert.Equal(33, answers.Count(answer => answer.Status == BudgetStatus.Applied));
        Assert.Equal(31, answers.Count(answer => answer.Status == BudgetStatus.Locked));
        await AssertBudgetAsync("a", 1000, 0, 990, 33);
    }

    [Fact]
    public async Task SameId_ManyAtOnce_TakesEffectOnce()
    {
        await Store.SetAsync("a", 1000);

        var reserved = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => Store.ReserveAsync("a", "r", 1, 30))));
        var settled = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => Store.SettleAsync("r", i % 2))));
        var topped = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => Store.SetAsync("a", 2000, 5, key: "k"))));

        Assert.Single(reserved, answer => answer.Status == BudgetStatus.Applied);
        Assert.Single(settled, answer => answer.Status == BudgetStatus.Applied);
        Assert.Equal(15, settled.Count(answer => answer.Status == BudgetStatus.Replayed));
        Assert.Single(topped, answer => answer.Status == BudgetStatus.Applied);
    }
}
