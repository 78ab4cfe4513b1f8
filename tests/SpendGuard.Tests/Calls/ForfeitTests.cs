using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Calls;

/// <summary>A call whose cost is unknown is booked at the greater of its hold and of what is known.</summary>
public sealed class ForfeitTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordedLog _log = new();
    private readonly LoggerFactory _loggers;
    private readonly InMemoryBudgetStore _store = new();
    private readonly SpendGuardEngine _engine;

    public ForfeitTests()
    {
        _loggers = new LoggerFactory([_log]);
        _engine = new SpendGuardEngine(
            _store, new Prices(PriceBook.LoadBundled()), new SpendGuardOptions { LockedWait = TimeSpan.Zero }, _time, _loggers.CreateLogger<SpendGuardEngine>());
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _loggers.Dispose();
        _log.Dispose();
    }

    public static TheoryData<string, ProviderReport, long> Reports() => new()
    {
        { "an audio token that has no price", new() { Usage = new Usage { Output = 90_000, AudioInput = 1 } }, 90_000_000 },
        { "a tier that has no price: the dearest that has one", new() { Usage = new Usage { Output = 90_000 }, ServiceTier = "scale" }, 153_000_000 },
        { "the tier of a batch, which a call by itself has not: the price without it", new() { Usage = new Usage { Output = 90_000 }, ServiceTier = "batch" }, 90_000_000 },
        { "a model that has no price", new() { Usage = new Usage { Output = 90_000 }, Model = "some-other-model" }, 90_000_000 },
        { "a dated name of a dearer model", new() { Usage = new Usage { Output = 90_000 }, Model = "gpt-4-0999" }, 540_000_000 },
        { "a stream that broke off", new() { Usage = new Usage { Output = 90_000 }, Incomplete = "it broke off" }, 90_000_000 },
        { "a stated cost without a count", new() { StatedCost = Money.FromDollars(0.9m) }, 90_000_000 },
        { "a little of what has a price", new() { Usage = new Usage { Output = 1, AudioInput = 1 } }, 125_000 },
        { "nothing", ProviderReport.Unknown("nobody told"), 125_000 },
    };

    /// <param name="_">What the cost is unknown for.</param>
    /// <param name="report">What came back.</param>
    /// <param name="booked">What is booked: no less than is held for 100 tokens in and 100 out.</param>
    [Theory]
    [MemberData(nameof(Reports))]
    public async Task CostIsUnknown_TheGreaterOfTheHoldAndOfWhatIsKnownIsBooked(string _, ProviderReport report, long booked)
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(0.5m));
        await using var call = await _engine.ReserveAsync(Call("gpt-4o"));

        var settlement = await call.EndAsync(report);

        Assert.Equal((ReservationEnd.Forfeited, 125_000, booked), (settlement.End, settlement.Held.Microcents, settlement.Charged.Microcents));
        Assert.Equal(booked > 125_000, settlement.Overrun);
        Assert.Equal(booked > 50_000_000, settlement.Budget!.Overdrawn);
        Assert.Equal(booked, (await _engine.FindBudgetAsync("a"))!.Spent.Microcents);
        Assert.Equal(booked > 125_000 ? 1 : 0, _log.At(LogLevel.Error).Count(line => line.Contains("more than the $0.00125 held", StringComparison.Ordinal)));
        Assert.Single(_log.At(LogLevel.Warning), line => line.Contains($"{settlement.Charged} booked as spent", StringComparison.Ordinal));
    }

    /// <summary>Another process took the call for dead; then its own one learns that it cost more than was held.</summary>
    [Fact]
    public async Task CostIsKnownInPart_AfterTheHoldHasExpired_RaisesTheForfeit()
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(2));
        await using var call = await _engine.ReserveAsync(Call("gpt-4o"));
        await _store.ApplyAsync(new Forfeit(call.Reservation.Id, OnlyIfExpired: false, _time.GetUtcNow()), default);

        var settlement = await call.EndAsync(new ProviderReport { Usage = new Usage { Output = 90_000, AudioInput = 1 } });

        Assert.Equal((ReservationEnd.Forfeited, 90_000_000), (settlement.End, settlement.Charged.Microcents));
        Assert.Equal(90_000_000, settlement.Budget!.Spent.Microcents);
        var ledger = await _store.ReadLedgerAsync(0, agent: null, 10, default);
        Assert.Equal(
            [LedgerEntryKind.BudgetSet, LedgerEntryKind.Reserved, LedgerEntryKind.Forfeited, LedgerEntryKind.Corrected], ledger.Select(entry => entry.Kind));
    }

    /// <summary>130 calls of a small model, each of which a large one serves: $0.06 each by the provider's bill.</summary>
    [Theory]
    [InlineData(false, "gpt-4-0613")]
    [InlineData(true, "gpt-4-0613")]
    [InlineData(false, "gpt-4-0999")]
    public async Task ServedByADearerModel_TheLedgerHasTheWholeBill(bool isSet, string served)
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(100));
        for (var i = 0; i < 130; i++)
        {
            await using var call = await _engine.ReserveAsync(Call("gpt-4o-mini") with { ModelIsSet = isSet });
            await call.EndAsync(new ProviderReport { Usage = new Usage { Output = 1_000 }, Model = served });
        }

        Assert.Equal(Money.FromDollars(7.80m), (await _engine.FindBudgetAsync("a"))!.Spent);
    }

    /// <summary>The prices ran out while the call was under way: it is priced all the same.</summary>
    [Fact]
    public async Task PricesExpireDuringTheCall_IsSettled()
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(1));
        await using var call = await _engine.ReserveAsync(Call("gpt-4o-mini"));
        _engine.Prices.Swap(_engine.Prices.Current.WithExpiry(_time.GetUtcNow() - TimeSpan.FromMinutes(1)));

        var settlement = await call.EndAsync(new ProviderReport { Usage = new Usage { Output = 1_000 }, Model = "gpt-4o" });

        Assert.Equal((ReservationEnd.Settled, 1_000_000), (settlement.End, settlement.Charged.Microcents));
    }

    [Theory]
    [InlineData(false, ReservationEnd.Released, 0)]
    [InlineData(true, ReservationEnd.Forfeited, 125_000)]
    public async Task ProviderIsOverloaded_IsReleasedUnlessSetOtherwise(bool forfeits, ReservationEnd end, long charged)
    {
        await using var engine = new SpendGuardEngine(
            new InMemoryBudgetStore(), new Prices(PriceBook.LoadBundled()), new SpendGuardOptions { ForfeitOverloads = forfeits }, _time);
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        await using var call = await engine.ReserveAsync(Call("gpt-4o"));

        var settlement = await call.EndAsync(ProviderReport.OfOverload);

        Assert.Equal((end, charged), (settlement.End, settlement.Charged.Microcents));
    }

    /// <summary>What is known of a cost counts for more than the word that there is none.</summary>
    [Fact]
    public async Task ProviderIsOverloaded_ButHasCounted_IsChargedForIt()
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(1));
        await using var call = await _engine.ReserveAsync(Call("gpt-4o"));

        var settlement = await call.EndAsync(ProviderReport.OfOverload with { Usage = new Usage { Output = 1_000 } });

        Assert.Equal(1_000_000, settlement.Charged.Microcents);
    }

    private static ModelCall Call(string model) => new()
    {
        Agent = "a",
        Model = new ModelKey("openai", model),
        Shape = new CallShape { InputBound = 100, OutputTokens = 100 },
    };
}
