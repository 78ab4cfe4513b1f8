using SpendGuard.Batches;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Import;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Batches;

/// <summary>The prices that are kept with the hold of a batch.</summary>
public sealed class BatchCardsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly PriceBook Bundled = PriceBook.LoadBundled().WithExpiry(null);
    private static readonly ModelKey Model = new("p", "m");

    private static readonly ModelBatch Batch = new()
    {
        Requests = [new ModelCall { Agent = "a", Model = Model, Shape = new CallShape { InputBound = 100, OutputTokens = 1_000 } }],
        Lifetime = TimeSpan.FromHours(25),
    };

    [Fact]
    public void Written_AreReadBackAsTheyWere_UnderAllNamesOfTheModel()
    {
        foreach (var model in Bundled.Models)
        {
            var read = BatchCards.Read(BatchCards.Write([model], Bundled, Now, Now))!;

            Assert.Equal(
                Bundled.Models.Where(other => other.Provider == model.Provider && SnapshotName.IsSameModel(other.Model, model.Model)).Select(name => Fields(name, Bundled)).Order(),
                read.Models.Select(name => Fields(name, read)).Order());
            Assert.DoesNotContain(read.Models, read.IsOwn);
        }

        static string Fields(ModelKey model, PriceBook book) => $"{model} {string.Join('|', RateCardFields.Of(book.Find(model, Now, Now)))}";
    }

    [Fact]
    public void Written_AreThoseThatMayBeInForce_AndTellWhichAreTheApplicationsOwn()
    {
        RateCard[] cards =
        [
            Card(1) with { EffectiveTo = Now.AddHours(-1) },
            Card(2) with { EffectiveFrom = Now.AddHours(-1), EffectiveTo = Now.AddHours(5) },
            Card(3) with { EffectiveFrom = Now.AddHours(5), EffectiveTo = Now.AddHours(30) },
            Card(4) with { EffectiveFrom = Now.AddHours(30) },
        ];
        var book = new PriceBook("a test", Now, cards).With(Card(7) with { Model = new ModelKey("p", "m-2024-01-01") });

        var read = BatchCards.Read(BatchCards.Write([Model], book, Now, Now.AddHours(25)))!;

        Assert.Equal([2m, 3m], read.CardsAfter(Model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Select(card => card.Rates.Input.Microcents));
        Assert.Equal([2m], read.CardsAfter(Model, Now, Now).Select(card => card.Rates.Input.Microcents));
        Assert.Equal([new ModelKey("p", "m-2024-01-01")], read.Models.Where(read.IsOwn));
    }

    [Fact]
    public void Written_CanBeStored_WhateverTheNamesAre()
    {
        var model = new ModelKey("p", "ü\n\0\ud83d\ude00\"\\");
        var text = BatchCards.Write([model], new PriceBook("a test", Now, [Card(1) with { Model = model }]), Now, Now);

        Assert.True(Identifier.IsStorable(text));
        Assert.Equal([model], BatchCards.Read(text)!.Models);

        // Sixteen is the most that the sidecar takes in a batch; the limit is that of the stores.
        var dearest = Bundled.Models.OrderByDescending(name => BatchCards.Write([name], Bundled, Now, Now).Length).Take(16);
        Assert.InRange(BatchCards.Write(dearest, Bundled, Now, Now).Length, 1, 100_000);
    }

    [Fact]
    public void NotKept_AreNone_AndWhatCannotBeReadIsNotTakenForThat()
    {
        Assert.Empty(BatchCards.Read(null)!.Models);
        foreach (var text in (string[])["", "{", "[]", """{"rates":1}""", """{"rates":{"p":{"m":{}}}}""", """{"rates":{"p":{"m":{"input_cents_per_1m":-1,"output_cents_per_1m":1}}}}"""])
        {
            Assert.Null(BatchCards.Read(text));
        }
    }

    [Fact]
    public async Task HoldWhosePricesCannotBeRead_IsNotSettled()
    {
        await using var engine = new SpendGuardEngine(new InMemoryBudgetStore(), new Prices(new PriceBook("a test", Now, [Card(1)])));
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        await using var batch = await engine.ReserveAsync(Batch);
        var report = new ProviderReport { Usage = new Usage { Input = 10, Output = 10 } };

        var bill = engine.BillOf(batch.Reservation);
        bill.Add("r", report);
        var unread = engine.BillOf(batch.Reservation with { Cards = "{" });
        unread.Add("r", report);

        Assert.Equal(20, bill.Total!.Value.Microcents);
        Assert.Equal("the prices that it was held by cannot be read", unread.Missing);
        Assert.Null(await engine.SettleAsync(unread));
        Assert.Equal(batch.Reservation.Held, (await engine.FindBudgetAsync("a"))!.Held);
    }

    [Fact]
    public async Task HoldThatItsStoreHasForgotten_IsMadeAgainWithItsPrices()
    {
        var store = new Forgetful();
        await using var engine = new SpendGuardEngine(store, new Prices(new PriceBook("a test", Now, [Card(1)])));
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        await using var batch = await engine.ReserveAsync(Batch);
        Assert.NotNull(batch.Reservation.Cards);

        await store.ForgetAsync(engine);
        Assert.True(await batch.NameAsync("provider:1"));

        Assert.Equal(batch.Reservation.Cards, (await store.Latest.FindNamedReservationAsync("provider:1", default))!.Cards);
    }

    private static RateCard Card(decimal rate) => new()
    {
        Model = Model,
        Rates = new TokenRates { Input = Rate.FromMicrocents(rate), Output = Rate.FromMicrocents(rate) },
        MaxInputTokens = 1_000,
        MaxOutputTokens = 1_000,
    };

    private sealed class Forgetful() : DelegatingBudgetStore(new InMemoryBudgetStore())
    {
        public InMemoryBudgetStore Latest { get; private set; } = new InMemoryBudgetStore();

        public async Task ForgetAsync(SpendGuardEngine engine)
        {
            Latest = new InMemoryBudgetStore();
            await engine.SetBudgetAsync("a", Money.FromDollars(1));
        }

        public override ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken) => Latest.ApplyAsync(command, cancellationToken);
    }
}
