using System.Collections.Immutable;
using CsCheck;
using SpendGuard.Billing;
using SpendGuard.Pricing;
using static SpendGuard.Tests.Pricing.Cards;

namespace SpendGuard.Tests.Billing;

/// <summary>Random counts on random cards that lack prices: the end of a call never forgets what can be priced.</summary>
public sealed class KnownCostTests
{
    private const string Asked = "model";
    private const string Served = "other";

    private static readonly string[] Tiers = ["priority", "flex", "us"];

    private static readonly UsageCategory[] OutputCategories = [UsageCategory.Output, UsageCategory.ReasoningOutput, UsageCategory.AudioOutput];

    private static readonly Gen<Rate?> MaybeRate = Gen.Frequency((1, Gen.Const((Rate?)null)), (2, Gen.Int[0, 2_000].Select(rate => (Rate?)R(rate / 8m))));

    private static readonly Gen<TokenRates> Rates = Gen.Select(MaybeRate.Array[6], Gen.Int[1, 2_000], Gen.Int[1, 2_000], (maybe, input, output) => new TokenRates
    {
        Input = R(input / 8m),
        Output = R(output / 8m),
        CachedInput = maybe[0],
        CacheWrite = maybe[1],
        LongCacheWrite = maybe[2],
        ReasoningOutput = maybe[3],
        AudioInput = maybe[4],
        AudioOutput = maybe[5],
    });

    private static readonly Gen<ImmutableDictionary<string, ServiceTier>> ServiceTiers = Gen.Select(Gen.Bool.Array[3], Gen.Int[1, 12].Array[6], (has, factors) =>
        Tiers.Select((name, i) => (name, i)).Where(tier => has[tier.i])
            .ToImmutableDictionary(tier => tier.name, tier => new ServiceTier(factors[tier.i] / 4m, factors[tier.i + 3] / 4m)));

    private static readonly Gen<RateCard> Card = Gen.Select(Rates, Rates, ServiceTiers, Gen.Bool, MaybeRate, (rates, above, tiers, hasContextTier, search) => new RateCard
    {
        Model = Model,
        Rates = rates,
        ContextTiers = hasContextTier ? [new ContextTier(1_000, Inclusive: true, above)] : [],
        ServiceTiers = tiers,
        Fees = search is { } fee ? ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.WebSearch, fee) : ImmutableDictionary<UsageCategory, Rate>.Empty,
    });

    private static readonly Gen<long> Count = Gen.Frequency((2, Gen.Const(0L)), (3, Gen.Long[0, 2_000]), (1, Gen.Long[0, 1L << 40]));

    private static readonly Gen<Usage> Usages = Count.Array[10].Select(counts => new Usage
    {
        Input = counts[0], CachedInput = counts[1], CacheWrite = counts[2], LongCacheWrite = counts[3], AudioInput = counts[4],
        Output = counts[5], ReasoningOutput = counts[6], AudioOutput = counts[7], WebSearches = counts[8], Images = counts[9] / 7,
    });

    private static readonly Gen<string?> Tier = OneOf(null, "default", "priority", "flex", "us", "scale", "priority+us", "priority+scale");

    private static readonly Gen<ProviderReport> Reports = Gen.Select(Usages, Tier, OneOf(null, Asked, Served, "unknown"), Count, Gen.Int[0, 2], Gen.Bool,
        (usage, tier, model, stated, states, incomplete) => new ProviderReport
        {
            Usage = usage,
            ServiceTier = tier,
            Model = model,
            StatedCost = states == 1 ? Money.FromMicrocents(stated) : null,
            LeastCost = states == 2 ? Money.FromMicrocents(stated) : null,
            Incomplete = incomplete ? "it broke off" : null,
        });

    [Fact]
    public void Booked_AnyReportOnAnyCards_IsNeverLessThanTheHoldOrWhatIsKnown() =>
        Gen.Select(Card.Array[1, 2], Card.Array[0, 2], Reports, Gen.Long[0, 1L << 40]).Sample(
            (asked, served, report, held) =>
            {
                var prices = new ServedPrices(Asked, asked, model => model == Served ? served : [], _ => false);

                var end = CallEnd.Of(report, prices, askedTier: null, residencyFactor: 1.1m);

                var booked = Booked(end, held);
                Assert.True(booked >= ((report.StatedCost ?? report.LeastCost)?.Microcents ?? 0), $"{booked} is booked, less than stated.");
                var least = end switch
                {
                    CallEnd.Forfeited => PricedPart(report, asked, report.Model == Served ? served : []),
                    CallEnd.Settled { Bill.Lines.IsEmpty: false } => DearestCard(report, report.Model == Served && served.Length > 0 ? served : asked),
                    _ => 0,
                };
                Assert.True(booked >= least, $"{booked} is booked as {end}, and {least} can be priced.");

                Assert.True(end is not CallEnd.Forfeited || booked >= held);
            },
            iter: 20_000);

    /// <summary>Counts of any size and sign, and rates and factors of any size, end a call: they throw nowhere.</summary>
    [Fact]
    public void Booked_CountsBeyondReason_EndTheCallAtWhatCanBeBooked() =>
        Gen.Select(Gen.Long.Array[10], Gen.Decimal[0, 1_000_000_000_000m], Gen.Decimal[1, 1_000_000_000m], Tier).Sample(
            (counts, rate, factor, tier) =>
            {
                var card = Of(decimal.Round(rate, 12), decimal.Round(rate, 12)) with
                {
                    ServiceTiers = ImmutableDictionary<string, ServiceTier>.Empty.Add("priority", new ServiceTier(factor, factor)),
                };
                var usage = new Usage { Input = counts[0], CachedInput = counts[1], Output = counts[2], ReasoningOutput = counts[3], AudioInput = counts[4] };

                var end = CallEnd.Of(
                    new ProviderReport { Usage = usage, ServiceTier = tier }, new ServedPrices(Asked, [card], _ => [], _ => false), askedTier: null, residencyFactor: 1);

                Assert.True(end is not CallEnd.Forfeited forfeited || (forfeited.Known >= Money.Zero && forfeited.Known <= KnownCost.Most));
                Assert.True(end is not CallEnd.Settled settled || settled.Bill.Total >= Money.Zero);
            });

    private static Gen<string?> OneOf(params string?[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static long Booked(CallEnd end, long held) => end switch
    {
        CallEnd.Settled settled => settled.Bill.Total.Microcents,
        CallEnd.Forfeited forfeited => Math.Max(held, forfeited.Known.Microcents),
        _ => 0,
    };

    /// <summary>The slow way: every category at the dearest of the served model's cards that have a rate for it, else of the asked one's.</summary>
    private static long PricedPart(ProviderReport report, RateCard[] asked, RateCard[] served) => (long)decimal.Floor(report.Usage!.ByCategory().Sum(
        count => count.Quantity * (Dearest(report, served, count.Category) ?? Dearest(report, asked, count.Category) ?? 0m)));

    private static long DearestCard(ProviderReport report, RateCard[] cards) =>
        (long)decimal.Floor(cards.Max(card => report.Usage!.ByCategory().Sum(count => count.Quantity * (Priced(report, card, count.Category) ?? 0m))));

    private static decimal? Dearest(ProviderReport report, RateCard[] cards, UsageCategory category) => cards.Max(card => Priced(report, card, category));

    private static decimal? Priced(ProviderReport report, RateCard card, UsageCategory category)
    {
        if (card.Fees.TryGetValue(category, out var fee))
        {
            return fee.Microcents;
        }

        var rates = card.ContextTiers.Any(tier => report.Usage!.TotalInput >= tier.Threshold) ? card.ContextTiers[0].Rates : card.Rates;
        return rates.Of(category)?.Microcents * 1.1m * (report.ServiceTier?.Split('+') ?? []).Aggregate(1m, (product, name) => product * Factor(name));

        // Of a tier that has no price, the cheapest there is.
        decimal Factor(string name) => !card.ServiceTiers.TryGetValue(name, out var tier) ? 1
            : OutputCategories.Contains(category) ? tier.OutputFactor
            : tier.InputFactor;
    }
}
