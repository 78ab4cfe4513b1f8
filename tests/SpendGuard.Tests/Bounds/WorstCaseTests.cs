using System.Collections.Immutable;
using CsCheck;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using static SpendGuard.Tests.Pricing.Cards;

namespace SpendGuard.Tests.Bounds;

public class WorstCaseTests
{
    private const string Priority = "priority";

    private static readonly Gen<Rate?> OptionalRate = Gen.Frequency((1, Gen.Const((Rate?)null)), (2, RateTests.Rates.Select(rate => (Rate?)rate)));

    private static readonly Gen<TokenRates> TokenRatesGen = Gen.Select(
        Gen.Select(RateTests.Rates, RateTests.Rates),
        Gen.Select(OptionalRate, OptionalRate, OptionalRate, OptionalRate),
        Gen.Select(RateTests.Rates, RateTests.Rates),
        (stated, optional, audio) => new TokenRates
        {
            Input = stated.Item1, Output = stated.Item2,
            CachedInput = optional.Item1, CacheWrite = optional.Item2, LongCacheWrite = optional.Item3, ReasoningOutput = optional.Item4,
            AudioInput = audio.Item1, AudioOutput = audio.Item2,
        });

    private static readonly Gen<ContextTier> Tiers =
        Gen.Select(Gen.Long[0, 100], Gen.Bool, TokenRatesGen, (threshold, inclusive, rates) => new ContextTier(threshold, inclusive, rates));

    internal static readonly Gen<RateCard> CardsGen = Gen.Select(
        TokenRatesGen, Tiers.Array[0, 3], Gen.Int[1, 30], Gen.Int[1, 30], RateTests.Rates,
        (rates, tiers, input, output, fee) => new RateCard
        {
            Model = Model,
            Rates = rates,
            ContextTiers = [.. tiers],

            ServiceTiers = ImmutableDictionary<string, ServiceTier>.Empty.Add(Priority, new ServiceTier(input, output)),
            Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.WebSearch, fee),
        });

    internal static readonly Gen<CallShape> Calls = Gen.Select(
        Gen.Select(Gen.Long[0, 120], Gen.Int[1, 3], Gen.Bool.Select(regional => regional ? 1.1m : 1m)), Gen.Int[1, 4], Gen.Bool, Gen.Bool, Gen.Bool, Gen.Long[0, 3],
        (run, choices, priority, longWrites, audio, searches) => new CallShape
        {
            InputBound = run.Item1,
            Runs = run.Item2,
            ResidencyFactor = run.Item3,
            Choices = choices,
            ServiceTier = priority ? Priority : null,
            LongCacheWrites = longWrites,
            AudioInput = audio,
            AudioOutput = audio,
            FeeUnits = searches == 0
                ? ImmutableDictionary<UsageCategory, long>.Empty
                : ImmutableDictionary<UsageCategory, long>.Empty.Add(UsageCategory.WebSearch, searches),
        });

    [Fact]
    public void At_AnyCap_CoversEveryUsageWithinTheCall() =>
        Gen.Select(CardsGen.Array[1, 2], Calls, Gen.Long[0, 100], Gen.Double.Unit.Array[8]).Sample(
            (cards, call, cap, parts) =>
            {
                var worst = WorstCase.Of(call, cards).At(cap);
                var usage = Within(call, cap, parts);

                foreach (var card in cards)
                {
                    var bill = Bill.Dearest(usage, card, PricedRun.Of(usage, [card]), call.ServiceTier, call.ResidencyFactor);
                    Assert.True(bill.Total <= worst, $"{usage} costs {bill.Total}, more than {worst}.");
                }
            },
            iter: 20_000);

    [Fact]
    public void OutputTokensFor_WhatACapCosts_PaysForThatCap() =>
        Gen.Select(CardsGen, Calls, Gen.Long[0, 1_000_000]).Sample((card, call, cap) =>
        {
            var worst = WorstCase.Of(call, [card]);
            Assert.True(worst.OutputTokensFor(worst.At(cap)) >= cap);
        });

    [Fact]
    public void OutputTokensFor_AnyAmount_CostsNoMoreThanIt() =>
        Gen.Select(CardsGen, Calls, Gen.Long[0, 1L << 50]).Sample((card, call, microcents) =>
        {
            var worst = WorstCase.Of(call, [card]);
            var amount = Money.FromMicrocents(microcents);
            var tokens = worst.OutputTokensFor(amount);
            if (amount < worst.At(0))
            {
                Assert.Equal(0, tokens);
            }
            else
            {
                Assert.True(worst.At(tokens) <= amount);
            }
        });

    [Theory]
    [InlineData(200, 100)]
    [InlineData(201, 200)]
    public void At_AroundTheThreshold_TakesTheDearerTier(long bound, decimal rate)
    {
        var card = Of(100, 100) with { ContextTiers = [new ContextTier(200, false, new TokenRates { Input = R(200), Output = R(200) })] };

        Assert.Equal((bound + 10) * rate, WorstCase.Of(new CallShape { InputBound = bound }, [card]).At(10).Microcents);
    }

    [Fact]
    public void At_CacheWrites_AreReservedForUnasked()
    {
        var card = Of(100, 0) with { Rates = new TokenRates { Input = R(100), Output = R(0), CacheWrite = R(125), LongCacheWrite = R(200), CachedInput = R(10) } };

        Assert.Equal(125, WorstCase.Of(new CallShape { InputBound = 1 }, [card]).At(0).Microcents);
        Assert.Equal(200, WorstCase.Of(new CallShape { InputBound = 1, LongCacheWrites = true }, [card]).At(0).Microcents);
    }

    [Fact]
    public void At_SeveralChoices_MultipliesTheOutputOnly() =>
        Assert.Equal(100 + 3 * 10 * 7, WorstCase.Of(new CallShape { InputBound = 100, Choices = 3 }, [Of(1, 7)]).At(10).Microcents);

    [Fact]
    public void At_PriceRiseDuringTheCall_TakesTheDearerPrice() =>
        Assert.Equal(300, WorstCase.Of(new CallShape { InputBound = 100 }, [Of(1, 10), Of(2, 9)]).At(10).Microcents);

    [Fact]
    public void At_FeeUnits_AddsTheirFees()
    {
        var card = Of(1, 1) with { Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.WebSearch, Rate.FromCents(1)) };
        var call = new CallShape { InputBound = 0, FeeUnits = ImmutableDictionary<UsageCategory, long>.Empty.Add(UsageCategory.WebSearch, 5) };

        Assert.Equal(Money.FromCents(5), WorstCase.Of(call, [card]).At(0));
        Assert.Throws<UnboundedCostException>(() => WorstCase.Of(call, [Of(1, 1)]));
    }

    [Fact]
    public void At_ReasoningOutsideTheCap_AddsTheModelsMaximum()
    {
        var card = Of(0, 2) with { ReasoningOutsideCap = true, MaxOutputTokens = 1_000 };

        Assert.Equal(2 * 1_010, WorstCase.Of(new CallShape { InputBound = 0 }, [card]).At(10).Microcents);
    }

    [Fact]
    public void Of_ReasoningOutsideTheCapOfUnknownSize_IsRefused()
    {
        var card = Of(1, 1) with { ReasoningOutsideCap = true };

        var refusal = Assert.Throws<UnboundedCostException>(() => WorstCase.Of(new CallShape { InputBound = 0 }, [card]));
        Assert.Equal("reasoning", refusal.Feature);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_AudioWithoutAPrice_IsRefused(bool into) => Assert.Throws<UnboundedCostException>(
        () => WorstCase.Of(new CallShape { InputBound = 0, AudioInput = into, AudioOutput = !into }, [Of(1, 1)]));

    [Theory]
    [InlineData("priority")]
    [InlineData("auto")]
    public void Of_ServiceTierWithoutAPrice_IsRefused(string tier) =>
        Assert.Throws<UnboundedCostException>(() => WorstCase.Of(new CallShape { InputBound = 0, ServiceTier = tier }, [Of(1, 1)]));

    [Fact]
    public void OutputTokensFor_FreeOutput_IsUnlimitedOnceTheInputIsPaid()
    {
        var worst = WorstCase.Of(new CallShape { InputBound = 10 }, [Of(1, 0)]);

        Assert.Equal(0, worst.OutputTokensFor(Money.FromMicrocents(9)));
        Assert.Equal(long.MaxValue, worst.OutputTokensFor(Money.FromMicrocents(10)));
    }

    [Fact]
    public void At_CostBeyondRange_Throws()
    {
        var worst = WorstCase.Of(new CallShape { InputBound = long.MaxValue }, [Of(1, 1)]);

        Assert.Throws<OverflowException>(() => worst.At(1));
    }

    /// <summary>A usage that the provider may count for the call: any input up to the bound, split into any categories.</summary>
    private static Usage Within(CallShape call, long cap, double[] parts)
    {
        // Round figures are hit often: the whole bound, the whole cap, all of it in one category.
        var input = Part(call.InputBound * call.Runs, parts[0]);
        var output = Part(cap * call.Choices * call.Runs, parts[1]);
        var cached = Part(input, parts[2]);
        var written = Part(input - cached, parts[3]);
        var longWritten = call.LongCacheWrites ? Part(input - cached - written, parts[4]) : 0;
        var audioIn = call.AudioInput ? Part(input - cached - written - longWritten, parts[5]) : 0;
        var reasoning = Part(output, parts[6]);
        var audioOut = call.AudioOutput ? Part(output - reasoning, parts[7]) : 0;
        return new Usage
        {
            Input = input - cached - written - longWritten - audioIn,
            CachedInput = cached,
            CacheWrite = written,
            LongCacheWrite = longWritten,
            AudioInput = audioIn,
            Output = output - reasoning - audioOut,
            ReasoningOutput = reasoning,
            AudioOutput = audioOut,
            WebSearches = call.FeeUnits.GetValueOrDefault(UsageCategory.WebSearch),
        };
    }

    private static long Part(long whole, double part) => (long)(whole * Math.Clamp(part * 2 - 0.5, 0, 1));
}
