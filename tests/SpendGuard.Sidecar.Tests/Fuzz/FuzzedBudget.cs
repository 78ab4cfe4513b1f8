using System.Collections.Immutable;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Budgets;
using SpendGuard.Calls;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Tests.Dialects;
using SpendGuard.Storage;

namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>Holds and ends calls as the sidecar does, with a budget in memory.</summary>
internal sealed class FuzzedBudget : IAsyncDisposable
{
    private static readonly AgentId Agent = new("fuzzed");
    private static readonly PriceBook Book = PriceBook.LoadBundled().With(
    [
        .. new[] { "gpt-4o", "gpt-4o-mini", "gpt-5", "text-embedding-3-small", "text-embedding-3-large" }.Select(name => Card("local", name)),
        .. new[] { "gpt-4o", "gpt-4o-mini", "gpt-5" }.Select(name => Card("grok", name) with { MaxInputTokens = 200_000, MaxOutputTokens = 30_000, ReasoningOutsideCap = true }),
    ]);

    private readonly SpendGuardEngine _engine;

    private FuzzedBudget(IEnumerable<RateCard> cards) => _engine = new(
        new InMemoryBudgetStore(), new Prices(Book.With(cards)), new SpendGuardOptions { LeastUsefulOutputTokens = 1, LockedWait = TimeSpan.Zero });

    /// <param name="cards">Prices beside those that there are.</param>
    public static async Task<FuzzedBudget> OpenAsync(params IEnumerable<RateCard> cards)
    {
        var budget = new FuzzedBudget(cards);
        await budget._engine.SetBudgetAsync(Agent, Money.FromCents(1_000_000_000_000));
        return budget;
    }

    /// <summary>Holds a call's worst case; nothing goes out for nothing.</summary>
    public async Task<ReservedCall> ReserveAsync(Call call)
    {
        var reserved = await _engine.ReserveAsync(new ModelCall { Agent = Agent, Model = call.Model, Shape = call.Shape });
        Assert.True(reserved.Reservation.Held > Money.Zero, "Nothing is held.");
        return reserved;
    }

    /// <summary>Holds a call of a request that is as it should be.</summary>
    public async Task<Call> ReserveAsync(string provider, IDialect dialect, string body)
    {
        var call = dialect.Read(SampleCall.Of(provider, dialect, JsonElement.Parse(body), namedModel: "gemini-2.5-flash"));
        return call with { Reserved = await ReserveAsync(call) };
    }

    /// <summary>Ends a call that the provider has answered as a success: it was billed, so it cost something.</summary>
    public static async Task<Settlement> EndAsync(Call call, ProviderReport served)
    {
        var settlement = await call.EndAsync(served);
        Assert.True(settlement.Charged > Money.Zero, $"A call that was billed ended {settlement.End} at nothing.");
        var knowsMore = settlement.Charged > settlement.Held && served is not { Usage: null, StatedCost: null, LeastCost: null };
        Assert.True(
            settlement.End is ReservationEnd.Settled || settlement.Charged == settlement.Held || knowsMore, $"{settlement.Charged} of {settlement.Held} is forfeited.");
        return settlement;
    }

    /// <summary>Every call has ended.</summary>
    public async Task AssertNothingIsHeldAsync()
    {
        var budget = await _engine.FindBudgetAsync(Agent);
        Assert.Equal((Money.Zero, 0), (budget!.Held, budget.InFlight));
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static RateCard Card(string provider, string model) => new()
    {
        Model = new ModelKey(provider, model),
        Rates = new TokenRates { Input = Rate.FromMicrocents(200), Output = Rate.FromMicrocents(1_000), CachedInput = Rate.FromMicrocents(20) },
        ServiceTiers = ImmutableDictionary<string, ServiceTier>.Empty.Add("priority", new ServiceTier(2, 2)),
    };
}
