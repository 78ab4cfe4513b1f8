using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using static SpendGuard.Sidecar.Tests.Calls.Batches.BatchSteps;

namespace SpendGuard.Sidecar.Tests.Calls.Batches;

/// <summary>Other prices come into force between a batch and its results. The provider bills by those of when it was made.</summary>
public sealed class BatchPriceTests : IAsyncLifetime
{
    private static readonly ProviderPrice Tuned = new("my-tuned-one", 100, 500) { MaxInputTokens = 200_000, MaxOutputTokens = 64_000 };

    private readonly TempFolder _folder = new();
    private SidecarFixture _sidecar = null!;
    private string _agent = "";

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync([Tuned], ("CAP_SQLITE_PATH", _folder.File("shared.db")));
        _agent = await _sidecar.AgentAsync(cents: 10_000);
    }

    public async Task DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task LowerPrices_LeaveItAtThoseThatItWasHeldBy()
    {
        var id = await EndedAsync(Message(100), Message(50, "claude-haiku-4-5"));
        Replace(_sidecar, Times(0.5m));
        await _sidecar.ResultsAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    /// <summary>OpenAI tells what it has counted for the whole batch, too.</summary>
    [Fact]
    public async Task LowerPrices_OfOpenAI_LeaveItAtThoseThatItWasHeldBy()
    {
        var id = await _sidecar.BatchAsync(_agent, OpenAIBatchSteps.ChatOf(), OpenAIBatchSteps.ChatOf(50));
        _sidecar.Provider.OpenAIBatches.End(id);
        Replace(_sidecar, Times(0.5m));
        Assert.Equal(2, (await _sidecar.FileAsync(_agent, id)).Count());
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task HigherPrices_ArePaid()
    {
        var id = await EndedAsync(Message(100), Message(50, "claude-haiku-4-5"));
        Replace(_sidecar, Times(2));
        await _sidecar.ResultsAsync(_agent, id);
        Assert.Equal(2 * _sidecar.Provider.Bill.TotalMicrocents, await _sidecar.SpentAsync(_agent));
    }

    [Fact]
    public async Task BookWithoutTheModel_LeavesItAtThePricesThatItWasHeldBy()
    {
        var id = await EndedAsync(Message(100), Message(50, "claude-haiku-4-5"));
        Replace(_sidecar, card => card.Model.Provider == "anthropic" ? null : card);
        await _sidecar.ResultsAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    /// <summary>Both books have a price of the snapshot, or one of them, or none.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task LowerPrices_OfTheSnapshotThatServedIt_LeaveItAtThoseThatItWasHeldBy(bool before, bool after)
    {
        const string Snapshot = "claude-haiku-4-5-20251001";
        _sidecar.Provider.Behaviour = new Behaviour { ServedModel = Snapshot };
        Replace(_sidecar, card => card.Model.Model == Snapshot && !before ? null : card);
        var snapshot = PriceBook.LoadBundled().Find(new ModelKey("anthropic", Snapshot), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow);
        var id = await EndedAsync(Message(100, "claude-haiku-4-5"));
        Replace(_sidecar, card => card.Model.Model == Snapshot ? null : Times(0.5m)(card), after ? [.. snapshot.Select(card => Times(0.5m)(card)!)] : []);
        await _sidecar.ResultsAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task LowerPrices_OfAnotherModelOfTheBatchThatServedIt_LeaveItAtThoseThatItWasHeldBy()
    {
        _sidecar.Provider.Behaviour = new Behaviour { ServedModel = "claude-haiku-4-5" };
        var id = await EndedAsync(Message(100), Message(50, "claude-haiku-4-5"));
        Replace(_sidecar, Times(0.5m));
        await _sidecar.ResultsAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LowerPrices_OfTheApplicationsOwn_LeaveItAtThoseThatItWasHeldBy(bool stays)
    {
        _sidecar.Provider.Behaviour = new Behaviour { ServedModel = "claude-haiku-4-5" };
        var own = PriceBook.LoadBundled().Find(new ModelKey("anthropic", "claude-haiku-4-5"), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow)[0]
            with { Model = new ModelKey("anthropic", "my-tuned-one") };
        _sidecar.AddPrice(own);
        var id = await EndedAsync(Message(100, "my-tuned-one"));
        Replace(_sidecar, card => card.Model == own.Model ? null : Times(0.5m)(card));
        if (stays)
        {
            _sidecar.AddPrice(Times(0.5m)(own)!);
        }

        await _sidecar.ResultsAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    /// <summary>It is held for the raise too, and does not pay it before its day.</summary>
    [Fact]
    public async Task RaiseAtADateToCome_IsHeldFor_AndNotPaidBefore()
    {
        var usual = await _sidecar.AgentAsync(cents: 10_000);
        Assert.Equal(200, (await _sidecar.AskAsync(Route, usual, Of(Message(100)))).Status);
        var date = DateTimeOffset.UtcNow.AddHours(12);
        Replace(_sidecar, card => card with { EffectiveTo = date }, [.. Cards().Select(card => Times(2)(card)! with { EffectiveFrom = date })]);
        var id = await EndedAsync(Message(100));
        Assert.Equal(2 * (await _sidecar.BudgetAsync(usual))!.Held, (await _sidecar.BudgetAsync(_agent))!.Held);

        Replace(_sidecar, Times(0.5m));
        await _sidecar.ResultsAsync(_agent, id);
        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents, await _sidecar.SpentAsync(_agent));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnotherProcess_WithOtherPrices_LeavesItAtThoseThatItWasHeldBy(bool isGone)
    {
        var id = await EndedAsync(Message(100), Message(50, "claude-haiku-4-5"));
        var billed = _sidecar.Provider.Bill.TotalMicrocents;
        await _sidecar.App.StopAsync();
        await using var again = new SidecarUnderTest(
            _folder,
            TimeProvider.System,
            new Dictionary<string, string?>
            {
                ["CAP_SQLITE_PATH"] = _folder.File("shared.db"),
                ["ANTHROPIC_BASE_URL"] = _sidecar.Provider.BaseAddress.ToString(),
                ["ANTHROPIC_API_KEY"] = SidecarFixture.AnthropicKey,
                ["CAP_PRICING_SOURCE"] = "bundled",
            });
        await again.App.StartAsync();
        Replace(again, card => isGone && card.Model.Provider == "anthropic" ? null : Times(0.5m)(card));

        Assert.Equal(2, (await again.ResultsAsync(_agent, id)).Results().Count);

        var budget = (await again.BudgetAsync(_agent))!;
        Assert.Equal((0L, billed), (budget.Held, budget.Spent));
    }

    /// <summary>Makes a batch, which its provider ends and bills at once.</summary>
    private async Task<string> EndedAsync(params IEnumerable<string> messages)
    {
        var id = await _sidecar.MakeAsync(_agent, messages);
        _sidecar.Provider.Batches.End(id);
        Assert.True(_sidecar.Provider.Bill.TotalMicrocents > 0);
        return id;
    }

    /// <summary>Replaces the book in force by one of its cards, changed or left out, and more.</summary>
    private static void Replace(SidecarUnderTest sidecar, Func<RateCard, RateCard?> change, params IEnumerable<RateCard> more)
    {
        var prices = sidecar.App.Services.GetRequiredService<Prices>();
        prices.Swap(new PriceBook("a document", DateTimeOffset.UtcNow, [.. Cards(prices.Current).Select(change).OfType<RateCard>(), .. more]));
    }

    private static IEnumerable<RateCard> Cards(PriceBook? book = null) => (book ?? PriceBook.LoadBundled()) is var known
        ? known.Models.SelectMany(model => known.Find(model, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow))
        : [];

    private static Func<RateCard, RateCard?> Times(decimal factor) => card => card with
    {
        Rates = card.Rates.Times(factor, factor),
        ContextTiers = [.. card.ContextTiers.Select(tier => tier with { Rates = tier.Rates.Times(factor, factor) })],
    };
}
