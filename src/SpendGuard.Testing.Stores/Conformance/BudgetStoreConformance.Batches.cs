using SpendGuard.Budgets;
using SpendGuard.Storage;
using Xunit;

namespace SpendGuard.Testing.Stores;

public abstract partial class BudgetStoreConformance
{
    [Fact]
    public async Task Batch_TakesNoPlace_AndIsHeldBesideCalls()
    {
        await Store.SetAsync("a", 100, maxInFlight: 1);

        var batch = await Store.ReserveAsync("a", "batch", 30, 30, whole: true, requests: 7);
        Assert.Equal(BudgetStatus.Applied, batch.Status);
        Assert.Equal(7, batch.Reservation!.Requests);
        Assert.Equal(batch.Reservation, await Store.FindReservationAsync(new ReservationId("batch"), default));
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("a", "call", 1, 1)).Status);
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("a", "call 2", 1, 1)).Status);
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("a", "batch 2", 9, 9, whole: true, requests: 1)).Status);
        Assert.Equal(2, (await Store.BudgetAsync("a")).Batches);
        await AssertBudgetAsync("a", 100, 0, 40, 3);

        await Store.SettleAsync("batch", 5);
        Assert.Equal(1, (await Store.BudgetAsync("a")).Batches);
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("a", "call 2", 1, 1)).Status);
        await Store.ReleaseAsync("call");
        Assert.Equal(BudgetStatus.Applied, (await Store.ReserveAsync("a", "call 2", 1, 1)).Status);
        await AssertBudgetAsync("a", 100, 5, 10, 2);
    }

    [Fact]
    public async Task Batch_UnderAShare_HoldsAllOfIt()
    {
        await Store.SetAsync("a", 100, share: 10);

        Assert.Equal(90, (await Store.ReserveAsync("a", "batch", 0, 90, whole: true, requests: 2)).Reservation!.Held.Microcents);
        await AssertBudgetAsync("a", 100, 0, 90, 1);
    }

    /// <summary>Others that end would give back what an ordinary answer takes; a batch does not for hours.</summary>
    [Fact]
    public async Task CallUnderAShare_BesideABatchAlone_TakesWhatIsFree()
    {
        await Store.SetAsync("a", 100, share: 50, maxInFlight: 2);
        await Store.ReserveAsync("a", "batch", 0, 90, whole: true, requests: 2);

        Assert.Equal(10, (await Store.ReserveAsync("a", "call", 2, 60, ordinary: 40)).Reservation!.Held.Microcents);
        Assert.Equal(BudgetStatus.Locked, (await Store.ReserveAsync("a", "call 2", 2, 60, ordinary: 40)).Status);
        await AssertBudgetAsync("a", 100, 0, 100, 2);
    }

    [Fact]
    public async Task Batch_SameIdWithAnotherNumberOfRequests_IsAConflict()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 10, 10, requests: 2);

        Assert.Equal(BudgetStatus.Replayed, (await Store.ReserveAsync("a", "r", 10, 10, requests: 2)).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.ReserveAsync("a", "r", 10, 10, requests: 3)).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.ReserveAsync("a", "r", 10, 10)).Status);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReserveAsync("a", "none", 10, 10, requests: 0));
        await AssertBudgetAsync("a", 100, 0, 10, 1);
    }

    /// <summary>A text of many rate cards: long, and with all that JSON has in it.</summary>
    [Fact]
    public async Task Batch_KeepsItsCardsAsTheyWere_AlsoAfterItsEnd()
    {
        var cards = """{ "rates" : {"p":{"m":{"b":1.50,"a":"\"ü\u0000\\ $1 ?1 😀","a":{}}}},"own":"MUCH"}""".Replace("MUCH", new string('x', 150_000), StringComparison.Ordinal);
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "batch", 30, 30, requests: 7, cards: cards);
        await Store.ReserveAsync("a", "without", 10, 10, requests: 1);
        await Store.NameAsync("batch", "provider:1");

        Assert.Equal(cards, (await Store.FindReservationAsync(new ReservationId("batch"), default))!.Cards);
        Assert.Equal(cards, (await Store.SettleAsync("batch", 5)).Reservation!.Cards);
        Assert.Equal(cards, (await Store.FindNamedReservationAsync("provider:1", default))!.Cards);
        Assert.Null((await Store.FindReservationAsync(new ReservationId("without"), default))!.Cards);
    }

    [Fact]
    public async Task Batch_SameIdWithOtherCards_IsAConflict()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 10, 10, requests: 2, cards: "{}");

        Assert.Equal(BudgetStatus.Replayed, (await Store.ReserveAsync("a", "r", 10, 10, requests: 2, cards: "{}")).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.ReserveAsync("a", "r", 10, 10, requests: 2, cards: "{ }")).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.ReserveAsync("a", "r", 10, 10, requests: 2)).Status);
        await AssertBudgetAsync("a", 100, 0, 10, 1);
    }

    [Fact]
    public async Task Batch_WithCardsThatCannotBeStored_IsRefusedAsMalformed()
    {
        await Store.SetAsync("a", 100);
        foreach (var cards in (string[])["", "a\0b", "{\n}", "\ud800", new string('x', 200_001)])
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReserveAsync("a", "r", 10, 10, requests: 1, cards: cards));
        }

        await AssertBudgetAsync("a", 100, 0, 0, 0);
    }

    [Fact]
    public async Task Name_FindsItsReservation_AlsoAfterItsEnd()
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 10, 10);
        Assert.Null(await Store.FindNamedReservationAsync("provider:1", default));

        var named = await Store.NameAsync("r", "provider:1");
        Assert.Equal((BudgetStatus.Applied, 0L, "provider:1"), (named.Status, named.Sequence, named.Reservation!.Name));
        Assert.Equal(named.Reservation, await Store.FindNamedReservationAsync("provider:1", default));
        Assert.Null(await Store.FindNamedReservationAsync("provider:", default));
        await Store.ForfeitAsync("r");
        Assert.Equal(ReservationEnd.Forfeited, (await Store.FindNamedReservationAsync("provider:1", default))!.End);
        await Store.SettleAsync("r", 4);
        Assert.Equal(4, (await Store.FindNamedReservationAsync("provider:1", default))!.Charged.Microcents);
        await AssertBudgetAsync("a", 100, 4, 0, 0);
    }

    [Fact]
    public async Task Name_IsGivenOnce()
    {
        await Store.SetAsync("a", 100);
        await Store.SetAsync("b", 100);
        await Store.ReserveAsync("a", "r", 10, 10);
        await Store.ReserveAsync("b", "other", 10, 10);
        await Store.NameAsync("r", "n");

        Assert.Equal(BudgetStatus.Replayed, (await Store.NameAsync("r", "n", at: 9)).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.NameAsync("r", "n 2")).Status);
        Assert.Equal(BudgetStatus.Conflict, (await Store.NameAsync("other", "n")).Status);
        Assert.Equal(BudgetStatus.NoReservation, (await Store.NameAsync("none", "n 3")).Status);
        Assert.Null(await Store.FindNamedReservationAsync("n 2", default));
        Assert.Null((await Store.FindReservationAsync(new ReservationId("other"), default))!.Name);
        Assert.Equal("r", (await Store.FindNamedReservationAsync("n", default))!.Id.Value);
    }

    [Fact]
    public async Task Name_GivenByManyAtOnce_IsOneReservations()
    {
        const int Many = 8;
        for (var agent = 0; agent < Many; agent++)
        {
            await Store.SetAsync($"a{agent}", 100);
            await Store.ReserveAsync($"a{agent}", $"r{agent}", 1, 1);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(agent => Store.NameAsync($"r{agent}", "n")));

        Assert.Equal(1, answers.Count(answer => answer.Status == BudgetStatus.Applied));
        Assert.Equal(Many - 1, answers.Count(answer => answer.Status == BudgetStatus.Conflict));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("\ud800")]
    public async Task Name_ThatCannotBeStored_IsRefusedAsMalformed(string name)
    {
        await Store.SetAsync("a", 100);
        await Store.ReserveAsync("a", "r", 10, 10);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.NameAsync("r", name));
    }
}
