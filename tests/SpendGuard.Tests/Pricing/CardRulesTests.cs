using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Tests.Pricing;

/// <summary>No card of the book contradicts itself, its vendor's rules or its siblings, but for those named here; what they are then held at is safe.</summary>
public sealed class CardRulesTests
{
    private static readonly PriceBook Book = PriceBook.LoadBundled();

    private static readonly UsageCategory[] Tokens =
    [
        UsageCategory.Input, UsageCategory.CachedInput, UsageCategory.CacheWrite, UsageCategory.LongCacheWrite, UsageCategory.AudioInput, UsageCategory.Output,
        UsageCategory.ReasoningOutput, UsageCategory.AudioOutput,
    ];

    /// <summary>As published, with what makes it safe.</summary>
    private static readonly Dictionary<string, string> Published = new(StringComparer.Ordinal)
    {
        ["anthropic:claude-sonnet-4-5: a tier begins at 200000, and the maximum input is 200000"] = "the maximum is no bound then",
        ["anthropic:claude-sonnet-4-5-20250929: a tier begins at 200000, and the maximum input is 200000"] = "the maximum is no bound then",
        ["gemini:gemini-2.5-computer-use-preview-10-2025: a tier begins at 200000, and the maximum input is 128000"] = "the maximum is no bound then",
        ["gemini:gemini-2.5-pro-preview-tts: Output above 200000 tokens is 1500, below it 2000"] = "a tier is never below the card",
        ["gemini:gemini-2.5-pro-preview-tts: ReasoningOutput above 200000 tokens is 1500, below it 2000"] = "a tier is never below the card",
        ["anthropic:claude-3-haiku-20240307: CacheWrite is 30, and the vendor's rule comes to 31.25"] = "its published price is rounded",
    };

    public static TheoryData<string> Models() => [.. Book.Models.Select(model => model.ToString())];

    [Fact]
    public void Book_CardsAsPublished_KeepTheRulesButForTheNamed() => Assert.Equal(
        Published.Keys.Order(StringComparer.Ordinal), Cards().SelectMany(Faults).Distinct().Order(StringComparer.Ordinal));

    /// <summary>What a bound or bill is made with has no fault but a maximum that is then no bound.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Card_AsItIsUsed_KeepsTheRules(string model)
    {
        foreach (var card in Vendor.Complete(CardsOf(model)))
        {
            Assert.All(Faults(card), fault => Assert.True(fault.Contains("a tier begins", StringComparison.Ordinal) || Published.ContainsKey(fault), fault));
            Assert.True(card.InputLimit is null || card.ContextTiers.All(tier => tier.Threshold < card.InputLimit));
        }
    }

    /// <summary>Names of one model, such as with and without a date, have one price in use, and a dearer context where one of them has.</summary>
    [Fact]
    public void Siblings_InUse_HaveOnePriceAndTheSameTiers() => Assert.Equal(
        [
            // Their dates and previews are models of different prices.
            "openai:gpt-3.5-turbo", "openai:gpt-4", "openai:gpt-4o",
        ],
        Book.Models.Select(model => CardsOf(model.ToString())[^1])
            .GroupBy(card => SiblingName(card.Model))
            .Where(siblings => siblings.Select(Price).Distinct().Count() > 1)
            .Select(siblings => siblings.Key)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Changes_OfAModel_FollowEachOtherWithoutAGap() => Assert.All(Book.Models, model =>
    {
        var cards = CardsOf(model.ToString());
        Assert.All(cards.Zip(cards.Skip(1)), pair => Assert.Equal(pair.First.EffectiveTo, pair.Second.EffectiveFrom));
    });

    private static string Price(RateCard card)
    {
        var used = Vendor.Complete([card])[0];
        return $"{used.Rates.Input}/{used.Rates.Output} {string.Join(' ', used.ContextTiers.Select(tier => $"{tier.Threshold}:{tier.Rates.Input}/{tier.Rates.Output}"))} {used.ReasoningOutsideCap}";
    }

    /// <summary>The name without a date, and without what tells that it is the first or the last of its kind.</summary>
    private static string SiblingName(ModelKey model)
    {
        string[] marks = ["beta", "latest", "preview"];
        return $"{model.Provider}:{string.Join('-', model.Model.Split('-').Where(part => !(part.All(char.IsAsciiDigit) && part.Length > 1) && !marks.Contains(part)))}";
    }

    private static IEnumerable<RateCard> Cards() => Book.Models.SelectMany(model => CardsOf(model.ToString()));

    private static IReadOnlyList<RateCard> CardsOf(string model)
    {
        var at = model.IndexOf(':', StringComparison.Ordinal);
        return Book.Find(new ModelKey(model[..at], model[(at + 1)..]), DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
    }

    private static IEnumerable<string> Faults(RateCard card)
    {
        var rates = card.Rates;
        foreach (var at in card.ContextTiers.Select(tier => tier.Rates).Prepend(rates))
        {
            if (at.CacheWrite < at.Input || at.LongCacheWrite < (at.CacheWrite ?? at.Input))
            {
                yield return $"{card.Model}: a cache write costs less than input";
            }

            if (at.CachedInput > at.Input)
            {
                yield return $"{card.Model}: cached input costs more than input";
            }

            if (at.ReasoningOutput < at.Output)
            {
                yield return $"{card.Model}: reasoning costs less than output";
            }
        }

        foreach (var tier in card.ContextTiers)
        {
            if (tier.Threshold >= card.MaxInputTokens)
            {
                yield return $"{card.Model}: a tier begins at {tier.Threshold}, and the maximum input is {card.MaxInputTokens}";
            }

            foreach (var category in Tokens.Where(category => tier.Rates.Of(category) < rates.Of(category)))
            {
                yield return $"{card.Model}: {category} above {tier.Threshold} tokens is {tier.Rates.Of(category)}, below it {rates.Of(category)}";
            }
        }

        // What the vendor charges where the card is silent is what it states where it is not.
        var silent = Vendor.Complete([card with { Rates = new() { Input = rates.Input, Output = rates.Output }, ContextTiers = [] }])[0];
        foreach (var category in Tokens.Where(category => rates.Of(category) < silent.Rates.Of(category) && category is UsageCategory.CacheWrite or UsageCategory.LongCacheWrite))
        {
            yield return $"{card.Model}: {category} is {rates.Of(category)}, and the vendor's rule comes to {silent.Rates.Of(category)}";
        }

        foreach (var (stated, rule) in card.ContextTiers.Zip(silent.ContextTiers).Where(tiers => tiers.First.Rates.Input < tiers.Second.Rates.Input))
        {
            yield return $"{card.Model}: input above {stated.Threshold} tokens is {stated.Rates.Input}, and the vendor's rule comes to {rule.Rates.Input}";
        }
    }
}
