using System.Collections.Immutable;
using System.Text;
using CsCheck;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Import;
using SpendGuard.Providers;
using static SpendGuard.Tests.Pricing.Cards;

namespace SpendGuard.Tests.Pricing.Import;

public class PriceImportTests
{
    private static readonly DateTimeOffset Fetched = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly Comparer<ModelKey> ByName = Comparer<ModelKey>.Create((left, right) => string.CompareOrdinal(left.ToString(), right.ToString()));

    public static TheoryData<string> Formats => ["litellm.json", "models.dev.json"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Document_OfAnImport_ReadsBackAsTheSameBook(string sample)
    {
        var import = Import(sample);

        var read = PriceBook.Parse(import.Document, "a test");

        Assert.Equal(Fetched, read.GeneratedAt);
        AssertSame(import.Book, read);
        Assert.Empty(import.DifferencesFrom(read));
    }

    [Fact]
    public void Document_OfTheBundledBook_ReadsBackAsTheSameBook()
    {
        var bundled = PriceBook.LoadBundled();

        AssertSame(bundled, PriceBook.Parse(PriceBookWriter.Write(bundled), "a test"));
    }

    [Fact]
    public void Document_OfACardThatLosesThings_ReadsBackWithoutThem()
    {
        var before = new RateCard
        {
            Model = new ModelKey("p", "m"), Rates = new TokenRates { Input = R(1), Output = R(2), CachedInput = R(0.5m), AudioOutput = R(9) },
            ContextTiers = [new ContextTier(7, true, new TokenRates { Input = R(3), Output = R(4), CachedInput = R(3), AudioOutput = R(9) })],
            ServiceTiers = new Dictionary<string, ServiceTier> { ["ultrafast"] = new(3, 3) }.ToImmutableDictionary(),
            Fees = new Dictionary<UsageCategory, Rate>
            {
                [UsageCategory.WebSearch] = R(1), [UsageCategory.Image] = R(4_000_000), [UsageCategory.AudioSecond] = R(10_000), [UsageCategory.SpokenCharacter] = R(1_500),
            }.ToImmutableDictionary(),
            MaxInputTokens = 5, MaxOutputTokens = 6, ReasoningOutsideCap = true, EffectiveFrom = Fetched, EffectiveTo = Fetched.AddDays(1),
        };
        var after = new RateCard { Model = before.Model, Rates = new TokenRates { Input = R(1), Output = R(2) }, EffectiveFrom = before.EffectiveTo };
        var book = new PriceBook("a test", Fetched, [before, after], Fetched.AddDays(9));

        var read = PriceBook.Parse(PriceBookWriter.Write(book), "a test");

        AssertSame(book, read);
        Assert.Equal(book.ExpiresAt, read.ExpiresAt);
    }

    [Fact]
    public void DifferencesFrom_ABook_AreFieldByField()
    {
        var present = PriceBook.Parse(
            """
            {"generated_at":"2026-11-01T00:00:00Z","rates":{
              "openai":{"gpt-plain":{"input_cents_per_1m":15,"output_cents_per_1m":50,"cached_input_cents_per_1m":7.5,"max_input_tokens":128000,"max_output_tokens":16384,"reasoning_output_cents_per_1m":60},
                        "gpt-gone":{"input_cents_per_1m":1,"output_cents_per_1m":1}},
              "mistral":{"not-imported":{"input_cents_per_1m":1,"output_cents_per_1m":1}}}}
            """u8.ToArray(), "a test");
        var import = PriceImport.FromModelsDev(
            """
            {"openai":{"models":{"gpt-plain":{"cost":{"input":0.15,"output":0.6,"cache_read":0.075},"limit":{"context":128000,"output":16384}},
                                 "gpt-new":{"cost":{"input":1,"output":2}}}}}
            """u8.ToArray(), Fetched, Vendor.TermsOf);

        Assert.Equal(
            [
                new PriceDifference(new ModelKey("openai", "gpt-gone"), "", "priced", null),
                new PriceDifference(new ModelKey("openai", "gpt-new"), "", null, "priced"),
                new PriceDifference(new ModelKey("openai", "gpt-plain"), "output_cents_per_1m", "50", "60"),
                new PriceDifference(new ModelKey("openai", "gpt-plain"), "reasoning_output_cents_per_1m", "60", null),
            ],
            import.DifferencesFrom(present));
    }

    [Fact]
    public void DifferencesFrom_ABookWithAnAnnouncedRise_TellThatItWouldBeLost()
    {
        var import = PriceImport.FromModelsDev(
            """{"google":{"models":{"gemini-4-argon":{"cost":{"input":2,"output":10,"cache_read":0.1}}}}}"""u8.ToArray(), Fetched, Vendor.TermsOf);

        Assert.Contains(
            new PriceDifference(new ModelKey("gemini", "gemini-4-argon"), "changes[0].input_cents_per_1m", "400", null),
            import.DifferencesFrom(PriceBook.LoadBundled()));
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"gpt":{"litellm_provider":"openai","mode":"chat"}}""")]
    [InlineData("""{"gpt":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":1e-40,"output_cost_per_token":1}}""")]
    [InlineData("""{"gpt":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":1e400,"output_cost_per_token":1}}""")]
    [InlineData("""{"gpt":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":1e20,"output_cost_per_token":1e20}}""")]
    [InlineData("""{"gpt":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":1.00000000000001e-12,"output_cost_per_token":1}}""")]
    [InlineData("""{"gpt":7,"claude":null,"x":{"litellm_provider":7},"":{"litellm_provider":"openai"},"xai/":{"litellm_provider":"xai"}}""")]
    [InlineData("""{"\ud800":{"litellm_provider":"openai"}}""")]
    [InlineData("""{"openai":{"models":{"":{"cost":{"input":1,"output":1}}}},"xai":{"models":7},"google":[]}""")]
    public void Import_OfNothingUsable_IsRefusedAsAWhole(string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);

        Assert.StartsWith("The prices cannot be used: ", Assert.Throws<PriceFormatException>(() => PriceImport.FromLiteLLM(utf8, Fetched, Vendor.TermsOf)).Message, StringComparison.Ordinal);
        Assert.StartsWith("The prices cannot be used: ", Assert.Throws<PriceFormatException>(() => PriceImport.FromModelsDev(utf8, Fetched, Vendor.TermsOf)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Import_OfADamagedMap_GivesPricesOrARefusalAndNeverAZero(string sample)
    {
        var utf8 = Read(sample);
        Gen.Select(Gen.Int[0, utf8.Length - 1], Gen.Byte).List[1, 8].Sample(changes =>
        {
            var damaged = (byte[])utf8.Clone();
            foreach (var (at, value) in changes)
            {
                damaged[at] = value;
            }

            try
            {
                var book = Import(sample, damaged).Book;
                Assert.DoesNotContain(book.Models, model => book.Find(model, Fetched, Fetched).Any(card => card.Rates.Input == Rate.Zero));
            }
            catch (PriceFormatException)
            {
                // Refused, and that is as good.
            }
        });
    }

    private static void AssertSame(PriceBook expected, PriceBook actual)
    {
        Assert.Equal(expected.Models.Order(ByName), actual.Models.Order(ByName));
        foreach (var model in expected.Models)
        {
            var (left, right) = (All(expected, model), All(actual, model));
            Assert.Equal(left.Select(Comparable), right.Select(Comparable));
            Assert.Equal(left.Select(card => card.ContextTiers.ToList()), right.Select(card => card.ContextTiers.ToList()));
            Assert.Equal(left.Select(card => card.ServiceTiers.ToDictionary()), right.Select(card => card.ServiceTiers.ToDictionary()));
            Assert.Equal(left.Select(card => card.Fees.ToDictionary()), right.Select(card => card.Fees.ToDictionary()));
        }
    }

    /// <summary>A card without its collections, which compare by reference.</summary>
    private static RateCard Comparable(RateCard card) => card with { ContextTiers = default, ServiceTiers = null!, Fees = null! };

    private static IReadOnlyList<RateCard> All(PriceBook book, ModelKey model) => book.Find(model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    private static PriceImport Import(string sample) => Import(sample, Read(sample));

    private static PriceImport Import(string sample, byte[] json) =>
        sample == "litellm.json" ? PriceImport.FromLiteLLM(json, Fetched, Vendor.TermsOf) : PriceImport.FromModelsDev(json, Fetched, Vendor.TermsOf);

    private static byte[] Read(string sample) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Pricing", "Import", sample));
}
