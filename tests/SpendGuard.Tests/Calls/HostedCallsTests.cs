using System.Collections.Immutable;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Calls;

/// <summary>How often the provider may call tools that it runs is what the budget pays for, in one hold with the output.</summary>
public sealed class HostedCallsTests
{
    private const long MaxInput = 1_000;
    private const long Output = 100;
    private const long Fee = 50;

    private static readonly ModelKey Model = new("test", "model");
    private static readonly AgentId Agent = new("a");

    private static readonly RateCard Card = new()
    {
        Model = Model,
        Rates = new() { Input = Rate.FromMicrocents(1), Output = Rate.FromMicrocents(1) },
        Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.WebSearch, Rate.FromMicrocents(Fee)),
        MaxInputTokens = MaxInput,
        MaxOutputTokens = Output,
    };

    /// <summary>What is held buys something: of a budget that pays for two searches and a half, the half stays free.</summary>
    [Theory]
    [InlineData(110, 0, 110)]
    [InlineData(2_000, 0, 110)]
    [InlineData(2_250, 1, 2_250)]
    [InlineData(3_000, 1, 2_250)]
    [InlineData(1_000_000, 5, 6 * (MaxInput + Output) + (5 * Fee))]
    public async Task Reserve_NoLimitAsked_GetsWhatTheBudgetPaysFor(long budget, int calls, long held)
    {
        var reserved = await ReserveAsync(Card, budget, least: 0);

        Assert.Equal(new CallGrant(Output, calls), reserved.Grant);
        Assert.Equal(held, reserved.Reservation.Held.Microcents);
        Assert.True(reserved.HostedCallsLimited);
    }

    [Fact]
    public async Task Reserve_UnderAShare_GetsWhatTheSharePaysFor() =>
        Assert.Equal(1, (await ReserveAsync(Card, budget: 10_000, least: 0, share: 30)).Grant.HostedCalls);

    [Fact]
    public async Task Reserve_ALimitAsked_IsRefusedWhereNotEvenOneFits()
    {
        Assert.Equal(1, (await ReserveAsync(Card, budget: 2_250, least: 1)).Grant.HostedCalls);
        var refused = await Assert.ThrowsAsync<InsufficientBudgetException>(() => ReserveAsync(Card, budget: 2_000, least: 1));

        Assert.Contains("because of web_search", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reserve_NoPriceOrNoBound_GetsNone()
    {
        Assert.Equal(new CallGrant(Output), (await ReserveAsync(Card with { MaxInputTokens = null }, budget: 1_000_000, least: 0)).Grant);
        Assert.Equal(new CallGrant(Output), (await ReserveAsync(Card with { Fees = ImmutableDictionary<UsageCategory, Rate>.Empty }, budget: 1_000_000, least: 0)).Grant);
    }

    [Fact]
    public async Task Reserve_NoPriceOrNoBoundForWhatIsAsked_IsRefused()
    {
        await Assert.ThrowsAsync<UnboundedCostException>(() => ReserveAsync(Card with { MaxInputTokens = null }, budget: 1_000_000, least: 1));
        await Assert.ThrowsAsync<UnboundedCostException>(() => ReserveAsync(Card with { Fees = ImmutableDictionary<UsageCategory, Rate>.Empty }, budget: 1_000_000, least: 1));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(1_000_000L, true)]
    [InlineData(200_000L, false)]
    public async Task Reserve_MoreInputOpened_NeedsACardThatKnowsIt(long? maxInput, bool taken)
    {
        var card = Card with { MaxInputTokens = maxInput };
        var shape = new CallShape { InputBound = 300_000, OpenedInputTokens = 1_000_000 };
        if (taken)
        {
            Assert.Equal(300_000 + Output, (await ReserveAsync(card, 10_000_000, shape)).Reservation.Held.Microcents);
        }
        else
        {
            var refused = await Assert.ThrowsAsync<UnboundedCostException>(() => ReserveAsync(card, 10_000_000, shape));
            Assert.Contains("rate card", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, null, 64)]
    [InlineData(10L, null, 10)]
    [InlineData(90L, null, 90)]
    [InlineData(null, 20L, 20)]
    public async Task Reserve_MaximumNotPublished_TheAssumedOneIsTheCapOfCallsThatNameNone(long? asked, long? unasked, long cap)
    {
        var card = Card with { MaxOutputTokens = null, AssumedMaxOutputTokens = 64 };

        Assert.Equal(cap, (await ReserveAsync(card, 10_000, new CallShape { InputBound = 1, OutputTokens = asked }, unasked: unasked)).OutputCap);
    }

    /// <summary>It bounds only where it is kept.</summary>
    [Fact]
    public async Task Reserve_MaximumAssumedAndCapNotKept_IsRefused()
    {
        var card = Card with { MaxOutputTokens = null, AssumedMaxOutputTokens = 64 };

        await Assert.ThrowsAsync<UnboundedCostException>(() => ReserveAsync(card, 10_000, new CallShape { InputBound = 1, UnkeptCap = "Nobody knows." }));
        await Assert.ThrowsAsync<UnboundedCostException>(() => ReserveAsync(card with { ReasoningOutsideCap = true }, 10_000, new CallShape { InputBound = 1 }));
    }

    private static Task<ReservedCall> ReserveAsync(RateCard card, long budget, int least, int? share = null) => ReserveAsync(
        card,
        budget,
        new CallShape { InputBound = 10, HostedCalls = new HostedCalls("web_search", least, 5) { Fees = [UsageCategory.WebSearch] } },
        share);

    private static async Task<ReservedCall> ReserveAsync(RateCard card, long budget, CallShape shape, int? share = null, long? unasked = null)
    {
        var engine = new SpendGuardEngine(
            new InMemoryBudgetStore(),
            new Prices(new PriceBook("a test", DateTimeOffset.UnixEpoch, [card])),
            new SpendGuardOptions { LeastUsefulOutputTokens = 1, LockedWait = TimeSpan.Zero, DefaultOutputTokens = unasked });
        await engine.SetBudgetAsync(Agent, Money.FromMicrocents(budget), Money.FromMicrocents(budget), maxCallShare: share);
        return await engine.ReserveAsync(new ModelCall { Agent = Agent, Model = Model, Shape = shape });
    }
}
