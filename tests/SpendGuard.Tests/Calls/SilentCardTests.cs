using System.Collections.Immutable;
using CsCheck;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Calls;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Tests.Calls;

/// <summary>
/// Whatever a price document leaves out of a card, the hold covers what the vendor charges by the whole card, and no less than that is
/// booked: what is silent is neither free nor the price of plain input. Or the call is refused.
/// </summary>
public sealed class SilentCardTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly PriceBook Book = PriceBook.LoadBundled();

    /// <summary>The vendors' own cards, which state all that they charge for, but for what is told below.</summary>
    private static readonly RateCard[] Whole = [.. Book.Models
        .Where(model => Vendor.Of(model.Provider).UnboundedBy(model.Model) is null)
        .SelectMany(model => Book.Find(model, Now, Now))];

    private static readonly Gen<CallShape> Calls = Gen.Select(
        Gen.OneOf(Gen.Long[0, 5_000], Gen.Long[90_000, 300_000], Gen.Long[0, 1_200_000]), Gen.Long[0, 200_000], Gen.Int[1, 3], Gen.Bool, Gen.Long[0, 5],
        (input, output, choices, longWrites, searches) => new CallShape
        {
            InputBound = input,
            OutputTokens = output,
            Choices = choices,
            LongCacheWrites = longWrites,
            FeeUnits = ImmutableDictionary<UsageCategory, long>.Empty.Add(UsageCategory.WebSearch, searches),
        });

    [Fact]
    public void Hold_OfACardWithAnyFieldsMissing_CoversTheWorstBillOrIsRefused()
    {
        var held = 0;
        Gen.Select(Gen.Int[0, Whole.Length - 1].Select(index => Whole[index]), Gen.Int[0, 1023], Calls, Gen.Double.Unit.Array[6]).Sample(
            (whole, missing, call, parts) =>
            {
                call = At(whole, call);
                Quote quote;
                try
                {
                    quote = QuoteOf(Without(whole, missing), call);
                }
                catch (UnboundedCostException)
                {
                    return;
                }

                Interlocked.Increment(ref held);
                var usage = Within(whole, call, quote.OutputTokens, parts);
                var bill = Bill.For(usage, whole, call.ServiceTier);
                Assert.True(bill.Total <= quote.Ceiling, $"{whole.Model} bills {bill.Total} for {usage}, and {quote.Ceiling} is held.");

                var booked = Bill.For(usage, Vendor.Complete([Without(whole, missing)])[0], call.ServiceTier);
                Assert.True(bill.Total <= booked.Total, $"{whole.Model} bills {bill.Total} for {usage}, and {booked.Total} is booked.");
            },
            iter: 20_000,
            print: made => $"{made.Item1.Model} without {made.Item2:b10}: {made.Item3}");
        Assert.True(held > 10_000, $"Only {held} calls were held.");
    }

    [Theory]
    [InlineData("anthropic", "claude-next-9", 125, 200, null, 1.0)]
    [InlineData("anthropic", "claude-sonnet-4-5", 125, 200, "200001:200/150", 1.0)]
    [InlineData("anthropic", "claude-haiku-5-5", 125, 200, "100001:500/500", 1.0)]
    [InlineData("openai", "gpt-5.5", 100, 100, "272001:200/150", 1.0)]
    [InlineData("openai", "gpt-5.6-sol", 125, 125, "272001:200/150", 1.0)]
    [InlineData("openai", "gpt-6.2-sol", 125, 250, "272001:200/150", 1.0)]
    [InlineData("openai", "ft:gpt-6.2-sol:me::x", 125, 250, "272001:200/150", 1.0)]
    [InlineData("openai", "not-known-yet", 125, 250, "272001:200/150", 2.5)]
    [InlineData("openai", "gpt-4o", 100, 100, null, 5.0)]
    [InlineData("openai", "o3-mini", 100, 100, null, 1.0)]
    [InlineData("grok", "grok-4.7", 100, 100, "200000:200/200", 1.0)]
    [InlineData("grok", "grok-4", 100, 100, "128000:200/200", 1.0)]
    [InlineData("grok", "grok-3", 100, 100, null, 1.0)]
    [InlineData("gemini", "gemini-3.1-pro-preview", 100, 100, "200001:200/150", null)]
    [InlineData("gemini", "gemini-3.8-flash", 100, 100, null, null)]
    [InlineData("azure", "gpt-6.2-sol", 125, 250, "272001:200/150", 1.0)]
    [InlineData("router", "maker/claude-opus-5.5", 125, 200, null, 1.0)]
    [InlineData("router", "maker/grok-4.7", 100, 100, "200000:200/200", 1.0)]
    [InlineData("mine", "local", 100, 100, null, null)]
    public void Complete_CardOfInputAndOutputOnly_TakesTheVendorsKnownWorst(
        string provider, string model, decimal write, decimal longWrite, string? tier, double? centsPerSearch)
    {
        var card = Assert.Single(Vendor.Complete([Bare(provider, model)]));

        Assert.Equal(write, card.Rates.Of(UsageCategory.CacheWrite)!.Value.Microcents);
        Assert.Equal(longWrite, card.Rates.Of(UsageCategory.LongCacheWrite)!.Value.Microcents);
        Assert.Equal(tier, card.ContextTiers.Select(at => $"{at.Threshold + (at.Inclusive ? 0 : 1)}:{at.Rates.Input}/{at.Rates.Output}").SingleOrDefault());
        Assert.Equal((decimal?)centsPerSearch * 1_000_000, card.Fees.TryGetValue(UsageCategory.WebSearch, out var fee) ? fee.Microcents : null);
    }

    [Theory]
    [InlineData("grok-4.7", true)]
    [InlineData("grok-3-mini", true)]
    [InlineData("grok-4-fast-non-reasoning", false)]
    [InlineData("grok-3", false)]
    [InlineData("grok-not-known-yet", true)]
    public void Complete_ReasoningThatTheCardDoesNotTellOf_IsBeyondTheCap(string model, bool beyond)
    {
        var card = Assert.Single(Vendor.Complete([Bare("grok", model) with { MaxInputTokens = 256_000, MaxOutputTokens = 30_000 }]));

        Assert.Equal((beyond, beyond ? 256_000 : 30_000), (card.ReasoningOutsideCap, card.MaxOutputTokens));
    }

    /// <summary>A decorator cannot pin the tier or the region: the setting of the project or workspace decides.</summary>
    [Theory]
    [InlineData("openai", "gpt-5.5", "priority", 2.5)]
    [InlineData("openai", "gpt-5.4", "fast", 2.0)]
    [InlineData("openai", "gpt-4o", "priority", 2.0)]
    [InlineData("openai", "o1", "priority", null)]
    [InlineData("openai", "text-embedding-3-small", "priority", null)]
    [InlineData("anthropic", "claude-opus-5-5", "us", 1.1)]
    [InlineData("anthropic", "claude-opus-4-5", "us", null)]
    public void Complete_TierThatASettingChooses_HasAPrice(string provider, string model, string tier, double? factor) => Assert.Equal(
        (decimal?)factor,
        Assert.Single(Vendor.Complete([Bare(provider, model)])).ServiceTiers.GetValueOrDefault(tier)?.InputFactor);

    [Fact]
    public void Complete_WriteBelowInputAndTierBelowCard_AreRaised()
    {
        var card = Bare("openai", "gpt-4o") with
        {
            Rates = new() { Input = R(100), Output = R(100), CacheWrite = R(50), LongCacheWrite = R(20) },
            ContextTiers = [new ContextTier(1_000, Inclusive: false, new() { Input = R(90), Output = R(80), CacheWrite = R(70) })],
        };

        var complete = Assert.Single(Vendor.Complete([card]));

        Assert.Equal(new TokenRates { Input = R(100), Output = R(100), CacheWrite = R(100), LongCacheWrite = R(100) }, complete.Rates);
        Assert.Equal(complete.Rates, complete.ContextTiers[0].Rates);
    }

    /// <summary>A card in the contract's form may state the threshold and one factor.</summary>
    [Fact]
    public void Complete_CliffWithOneFactor_TakesTheOtherFromTheVendor()
    {
        var book = PriceBook.Parse(
            """
            {"generated_at":"2026-11-23T00:00:00Z","rates":{"openai":{"gpt-5.6":{"input_cents_per_1m":100,"output_cents_per_1m":100,
              "context_cliff_threshold_tokens":272000,"context_cliff_input_multiplier":2}}}}
            """u8.ToArray(),
            "a test");

        var card = Assert.Single(Vendor.Complete(book.Find(new ModelKey("openai", "gpt-5.6"), Now, Now)));

        Assert.Equal((200m, 150m), (card.ContextTiers[0].Rates.Input.Microcents, card.ContextTiers[0].Rates.Output.Microcents));
    }

    [Fact]
    public void Complete_RatesThatAreOutOfRangeThen_IsRefusedWithTheModel()
    {
        var refusal = Assert.Throws<UnboundedCostException>(
            () => Vendor.Complete([Bare("anthropic", "claude-opus-5-5") with { Rates = new() { Input = R(900_000_000_000), Output = R(1) } }]));

        Assert.Contains("the rate card of anthropic:claude-opus-5-5 comes to rates that are out of range", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_ReasoningBeyondTheCapInAContextThatIsNotTold_HasNoMaximum()
    {
        Assert.Null(Assert.Single(Vendor.Complete([Bare("grok", "grok-4.7") with { MaxOutputTokens = 30_000 }])).MaxOutputTokens);
        Assert.Null(Assert.Single(Vendor.Complete([Bare("grok", "grok-4.7") with { MaxOutputTokens = 30_000, MaxInputTokens = 200_000 }])).MaxOutputTokens);
        Assert.Equal(199_999, Assert.Single(Vendor.Complete([Bare("grok", "grok-4.7") with { MaxOutputTokens = 30_000, MaxInputTokens = 199_999 }])).MaxOutputTokens);
    }

    [Fact]
    public void Complete_WhatIsStated_Stands()
    {
        var stated = Book.Find(new ModelKey("anthropic", "claude-4-sonnet-20250514"), Now, Now)[0];

        Assert.Equal(stated.Rates, Vendor.Complete([stated])[0].Rates);
        Assert.Equal(Assert.Single(stated.ContextTiers), Assert.Single(Vendor.Complete([stated])[0].ContextTiers));
        Assert.Equal(stated.Fees, Vendor.Complete([stated])[0].Fees);
    }

    private static Rate R(decimal microcents) => Rate.FromMicrocents(microcents);

    private static RateCard Bare(string provider, string model) => new()
    {
        Model = new ModelKey(provider, model),
        Rates = new TokenRates { Input = R(100), Output = R(100) },
    };

    private static Quote QuoteOf(RateCard card, CallShape shape) => Quote.For(
        new ModelCall { Agent = new AgentId("a"), Model = card.Model, Shape = shape }, Book.With(card), new SpendGuardOptions(), Now);

    /// <summary>The call as it can be made: searches where they have a price, an embedding without output.</summary>
    private static CallShape At(RateCard whole, CallShape call) => call with
    {
        OutputTokens = whole.Rates.Output == Rate.Zero ? 0 : call.OutputTokens,
        LongCacheWrites = call.LongCacheWrites && whole.Rates.LongCacheWrite is not null,
        FeeUnits = whole.Fees.ContainsKey(UsageCategory.WebSearch) ? call.FeeUnits : call.FeeUnits.Clear(),
        ServiceTier = call.Choices == 3 && whole.ServiceTiers.ContainsKey("priority") && whole.Model.Provider == "openai" ? "priority" : null,
    };

    private static RateCard Without(RateCard card, int missing)
    {
        return card with
        {
            Rates = Rates(card.Rates),
            ContextTiers = Left(5) ? [.. card.ContextTiers.Select(tier => tier with { Rates = Rates(tier.Rates) })] : [],
            ServiceTiers = Left(6) ? card.ServiceTiers : card.ServiceTiers.Clear(),
            Fees = Left(7) ? card.Fees : card.Fees.Clear(),
            MaxInputTokens = Left(8) ? card.MaxInputTokens : null,
            MaxOutputTokens = Left(9) ? card.MaxOutputTokens : null,
            ReasoningOutsideCap = Left(4) && card.ReasoningOutsideCap,
        };

        bool Left(int bit) => (missing & (1 << bit)) == 0;

        TokenRates Rates(TokenRates rates) => new()
        {
            Input = rates.Input,
            Output = rates.Output,
            CachedInput = Left(0) ? rates.CachedInput : null,
            CacheWrite = Left(1) ? rates.CacheWrite : null,
            LongCacheWrite = Left(2) ? rates.LongCacheWrite : null,
            ReasoningOutput = Left(3) ? rates.ReasoningOutput : null,
        };
    }

    /// <summary>What the vendor may count: any input up to the bound, split in any way, the whole of the output, and reasoning beyond it.</summary>
    private static Usage Within(RateCard whole, CallShape call, long cap, double[] parts)
    {
        // A maximum that the card contradicts itself bounds nothing.
        var input = Part(Math.Min(call.InputBound, whole.InputLimit ?? long.MaxValue), parts[0]);
        var cached = Part(input, parts[1]);
        var written = Part(input - cached, parts[2]);
        var longWritten = call.LongCacheWrites ? Part(input - cached - written, parts[3]) : 0;
        var output = Part(cap * call.Choices, parts[4]);
        return new Usage
        {
            Input = input - cached - written - longWritten,
            CachedInput = cached,
            CacheWrite = written,
            LongCacheWrite = longWritten,
            Output = output,
            ReasoningOutput = whole.ReasoningOutsideCap ? Part((whole.MaxOutputTokens ?? 0) * call.Choices, parts[5]) : 0,
            WebSearches = call.FeeUnits.GetValueOrDefault(UsageCategory.WebSearch),
        };
    }

    private static long Part(long whole, double part) => (long)(whole * Math.Clamp((part * 2) - 0.5, 0, 1));
}
