using SpendGuard.Calls;
using SpendGuard.Pricing;

namespace SpendGuard.Tests.Pricing;

/// <summary>Holds the bundled prices to the published figures row by row, so that neither can drift.</summary>
public class BundledPricesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A date by which all announced changes have come into force.</summary>
    private static readonly DateTimeOffset Later = new(2027, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The columns that are no figure of a rate card, each with the reason. A test below reads every other one.</summary>
    private static readonly Dictionary<string, string> NoFigures = new(StringComparer.Ordinal)
    {
        ["provider"] = "names the model",
        ["model"] = "names the model",
        ["mode"] = "tells embeddings, whose output is free, from all others",
        ["deprecation_date"] = "a provider refuses a model that it has retired; a price for it does no harm",
        ["sources"] = "for people",
        ["note"] = "for people; the rises that it announces are a test of their own",
    };

    private static readonly string[] Figures =
    [
        "input", "cached_input", "cache_write", "cache_write_1h", "output", "reasoning_output", "audio_input", "audio_output",
        "tier_above_tokens", "tier_input", "tier_cached_input", "tier_cache_write", "tier_output", "priority_input", "priority_output",
        "web_search_per_call", "max_input_tokens", "max_output_tokens",
    ];

    private static readonly PriceBook Book = PriceBook.LoadBundled();
    private static readonly Dictionary<string, PricesCsv> Rows = PricesCsv.Read().ToDictionary(row => row.ToString(), StringComparer.Ordinal);

    public static TheoryData<string> Models() =>
        [.. Rows.Values.Where(row => !RowsLeftOut.Reasons.ContainsKey(row.Model.Model)).Select(row => row.ToString())];

    [Fact]
    public void Models_InTheBook_AreThoseOfTheRowsButTheOnesLeftOut()
    {
        var rows = Rows.Values.Select(row => row.Model).ToList();

        Assert.Equal(243, rows.Count);
        Assert.Equal(RowsLeftOut.Reasons.Keys.Order(StringComparer.Ordinal), rows.Except(Book.Models).Select(model => model.Model).Order(StringComparer.Ordinal));
        Assert.Empty(Book.Models.Except(rows));
    }

    [Fact]
    public void Aliases_LeftOut_AreWhatAnImportRefusesToo() =>
        Assert.All(Rows.Values, row => Assert.Equal(
            RowsLeftOut.Reasons.GetValueOrDefault(row.Model.Model) == RowsLeftOut.FloatingAlias, SpendGuard.Pricing.Import.FloatingAlias.Is(row.Model.Model)));

    [Fact]
    public void Columns_OfTheRows_AreAllComparedOrNamedAsNoFigure() =>
        Assert.Equal(PricesCsv.Columns.Order(StringComparer.Ordinal), NoFigures.Keys.Concat(Figures).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Models))]
    public void Rates_OfARow_AreItsDollarsTimesAHundred(string model)
    {
        var (row, card) = (Row(model), Card(model, Later));

        Assert.Equal(Rise(row, 1) * 100 * row["input"], card.Rates.Input.Microcents);
        Assert.Equal(Rise(row, 1) * 100 * row["output"], card.Rates.Output.Microcents);
        Assert.Equal(Rise(row, model == "gemini:gemini-3.8-flash" ? 2 : 1) * 100 * Positive(row["cached_input"]), card.Rates.CachedInput?.Microcents);
        Assert.Equal(Rise(row, 1) * 100 * Positive(row["reasoning_output"]), card.Rates.ReasoningOutput?.Microcents);
        Assert.Equal(100 * row["audio_input"], card.Rates.AudioInput?.Microcents);
        Assert.Equal(100 * row["audio_output"], card.Rates.AudioOutput?.Microcents);
        Assert.Equal(Positive(row["max_input_tokens"]), card.MaxInputTokens);
        Assert.Equal(Positive(row["max_output_tokens"]), card.MaxOutputTokens);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void CacheWrites_OfARow_AreStatedOrDerivedAndNeverBelowInput(string model)
    {
        var (row, rates) = (Row(model), Card(model, Now).Rates);
        if (row.Model.Provider is not "anthropic")
        {
            Assert.Equal(100 * row["cache_write"], rates.CacheWrite?.Microcents);

            // The twelve-hour cache of GPT-6.2 is written at 2.5 times the input rate.
            Assert.Equal(row.Model.Model.StartsWith("gpt-6.2", StringComparison.Ordinal) ? rates.Input.Times(2.5m) : null, rates.LongCacheWrite);
            return;
        }

        var write = 100 * row["cache_write"];
        Assert.Equal(write >= rates.Input.Microcents ? write : rates.Input.Times(1.25m).Microcents, rates.CacheWrite!.Value.Microcents);

        // The public map has one figure for several old models of different prices; the vendor's rule is twice the input rate.
        var longWrite = row.Model.Model is "claude-3-haiku-20240307" or "claude-3-opus-20240229" ? null : 100 * row["cache_write_1h"];
        Assert.Equal(longWrite ?? rates.Input.Times(2).Microcents, rates.LongCacheWrite!.Value.Microcents);
        Assert.True(rates.LongCacheWrite >= rates.CacheWrite);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void ContextTier_OfARow_IsItsThresholdAndRates(string model)
    {
        var (row, card) = (Row(model), Card(model, Now));
        if (row["tier_above_tokens"] is not { } threshold)
        {
            Assert.Empty(card.ContextTiers);
            return;
        }

        var tier = Assert.Single(card.ContextTiers);
        var input = row["tier_input"]!.Value / row["input"]!.Value;
        Assert.Equal((threshold, row.Model.Provider == "grok"), (tier.Threshold, tier.Inclusive));
        Assert.Equal(100 * row["tier_input"], tier.Rates.Input.Microcents);
        Assert.Equal(100 * row["tier_output"], tier.Rates.Output.Microcents);
        Assert.Equal(100 * row["tier_cached_input"] ?? card.Rates.CachedInput?.Microcents * input, tier.Rates.CachedInput?.Microcents);
        Assert.Equal(100 * row["tier_cache_write"] ?? card.Rates.CacheWrite?.Microcents * input, tier.Rates.CacheWrite?.Microcents);
        Assert.Equal(card.Rates.LongCacheWrite?.Microcents * input, tier.Rates.LongCacheWrite?.Microcents);
        Assert.Equal(card.Rates.AudioInput?.Microcents * input, tier.Rates.AudioInput?.Microcents);
        Assert.Null(tier.Rates.ReasoningOutput);
        Assert.Null(tier.Rates.AudioOutput);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void PriorityTier_OfARow_CostsWhatItStatesOrAFractionMore(string model)
    {
        var (row, card) = (Row(model), Card(model, Now));
        var input = row["priority_input"];
        var output = row["priority_output"];
        switch (model)
        {
            case "openai:gpt-6.2-sol":
                Assert.Equal(2, card.ServiceTiers.Count);
                Assert.Equal((new ServiceTier(2, 2), new ServiceTier(2, 2)), (card.ServiceTiers["fast"], card.ServiceTiers["priority"]));
                break;

            // The sources differ: the provider's own page says 2.5 times.
            case "openai:gpt-5.5" or "openai:gpt-5.5-2026-04-23":
                Assert.Equal(["fast", "priority"], card.ServiceTiers.Keys.Order());
                Assert.All(card.ServiceTiers.Values, tier => Assert.Equal(new ServiceTier(2.5m, 2.5m), tier));
                break;

            // Half a price, or the price of the standard tier, is none.
            case var _ when input is null || output is null || (input == row["input"] && output == row["output"]):
                Assert.Empty(card.ServiceTiers);
                break;

            default:
                // OpenAI has two names for the tier, and answers with either.
                Assert.Equal(row.Model.Provider == "openai" ? ["fast", "priority"] : ["priority"], card.ServiceTiers.Keys.Order());
                foreach (var rates in card.ServiceTiers.Keys.Select(tier => card.RatesFor(0, tier)))
                {
                    Assert.InRange(rates.Input.Microcents, 100 * input.Value, 100.001m * input.Value);
                    Assert.InRange(rates.Output.Microcents, 100 * output.Value, 100.001m * output.Value);
                }

                break;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void SearchFee_OfARow_IsPerQueryAtGeminiAndPerCallElsewhere(string model)
    {
        var (row, card) = (Row(model), Card(model, Now));
        var category = row.Model.Provider == "gemini" ? UsageCategory.GroundingQuery : UsageCategory.WebSearch;

        Assert.Equal(row["web_search_per_call"] is null ? [] : [category], card.Fees.Keys);
        Assert.All(card.Fees.Values, fee => Assert.Equal(row["web_search_per_call"] * 100_000_000, fee.Microcents));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Reasoning_OfGrokModels_IsOutsideTheCap(string model)
    {
        var name = Row(model).Model.Model;
        string[] reasoning = ["grok-3-mini", "grok-4", "grok-code-fast", "grok-build"];

        Assert.Equal(
            reasoning.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) && !name.Contains("non-reasoning", StringComparison.Ordinal),
            Card(model, Now).ReasoningOutsideCap);
    }

    [Theory]
    [InlineData("gemini:gemini-4-argon", "2026-12-01", 200, 1000, "10.0")]
    [InlineData("gemini:gemini-4-carbon", "2026-12-01", 200, 1000, "10.0")]
    [InlineData("gemini:gemini-3.8-flash", "2027-01-01", 75, 375, "7.5")]
    [InlineData("gemini:gemini-3.7-flash", "2027-01-01", 75, 375, "7.5")]
    [InlineData("gemini:gemini-3.6-flash", "2027-01-01", 75, 375, "7.5")]
    public void Rates_OfModelsWithAnAnnouncedRise_DoubleOnTheDay(string model, string day, decimal input, decimal output, string cached)
    {
        var rise = DateTimeOffset.Parse(day + "T00:00:00Z");

        var before = Card(model, rise.AddTicks(-1)).Rates;
        Assert.Equal((input, output, decimal.Parse(cached)), (before.Input.Microcents, before.Output.Microcents, before.CachedInput!.Value.Microcents));
        Assert.Equal(before.Times(2, 2), Card(model, rise).Rates);
    }

    [Fact]
    public void Changes_InTheBook_AreOnlyTheAnnouncedRises() =>
        Assert.Equal(5, Book.Models.Count(model => Book.Find(model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Count > 1));

    [Theory]
    [MemberData(nameof(Models))]
    public void Prices_OfARow_AreNeverZero(string model)
    {
        var row = Row(model);
        foreach (var card in Book.Find(row.Model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue))
        {
            foreach (var rates in card.ContextTiers.Select(tier => tier.Rates).Append(card.Rates))
            {
                Assert.NotEqual(Rate.Zero, rates.Input);

                // An embedding has no output tokens.
                Assert.Equal(row.IsEmbedding, rates.Output == Rate.Zero);
                Rate?[] optional = [rates.CachedInput, rates.CacheWrite, rates.LongCacheWrite, rates.ReasoningOutput, rates.AudioInput, rates.AudioOutput];
                Assert.DoesNotContain(Rate.Zero, optional.OfType<Rate>());
            }

            Assert.DoesNotContain(Rate.Zero, card.Fees.Values);
        }
    }

    [Fact]
    public void Book_Bundled_HasADateAndNoExpiry()
    {
        Assert.Equal(Now, Book.GeneratedAt);
        Assert.Null(Book.ExpiresAt);
    }

    /// <summary>What today's price list leaves to its note: gemini-3.6-flash and 3.7-flash double too, by the provider's announcement.</summary>
    private static decimal Rise(PricesCsv row, decimal otherwise) => row.Model.Model is "gemini-3.6-flash" or "gemini-3.7-flash" ? 2 : otherwise;

    /// <summary>A published zero stands for a figure that is not known.</summary>
    private static decimal? Positive(decimal? figure) => figure > 0 ? figure : null;

    private static PricesCsv Row(string model) => Rows[model];

    private static RateCard Card(string model, DateTimeOffset at) => Assert.Single(Book.Find(Row(model).Model, at, at));
}
