using SpendGuard.Pricing;
using static SpendGuard.Tests.Pricing.Cards;

namespace SpendGuard.Tests.Pricing;

public class PriceBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Rise = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ModelKey Argon = new("gemini", "gemini-4-argon");

    [Fact]
    public void Find_BeforeAPriceRise_IsTheOldCard() =>
        Assert.Equal(R(200), Assert.Single(PriceBook.LoadBundled().Find(Argon, Now, Rise.AddTicks(-1))).Rates.Input);

    [Fact]
    public void Find_AfterAPriceRise_IsTheNewCard()
    {
        var rates = Assert.Single(PriceBook.LoadBundled().Find(Argon, Rise, Rise.AddYears(1))).Rates;

        Assert.Equal((R(400), R(2000), R(20)), (rates.Input, rates.Output, rates.CachedInput!.Value));
    }

    [Fact]
    public void Find_AcrossAPriceRise_IsBothCards()
    {
        var cards = PriceBook.LoadBundled().Find(Argon, Rise.AddMinutes(-1), Rise);

        Assert.Equal([R(200), R(400)], cards.Select(card => card.Rates.Input));
        Assert.Equal([null, Rise], cards.Select(card => card.EffectiveFrom));
        Assert.Equal([Rise, null], cards.Select(card => card.EffectiveTo));
    }

    [Fact]
    public void Find_UnknownModel_NamesTheNearest()
    {
        var refusal = Assert.Throws<UnknownModelException>(() => PriceBook.LoadBundled().Find(new ModelKey("openai", "gpt-4o-mni"), Now, Now));

        Assert.Equal(new ModelKey("openai", "gpt-4o-mini"), refusal.Nearest[0]);
        Assert.StartsWith("Unknown model for pricing: openai:gpt-4o-mni.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("openai:gpt-4o-mini", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>One or two letters, or every fourth of a long name; a name that is cut; another case; another provider's.</summary>
    [Theory]
    [InlineData("openai", "gpt4o", "openai:gpt-4o")]
    [InlineData("openai", "GPT-4o", "openai:gpt-4o")]
    [InlineData("grok", "gpt-4o", "openai:gpt-4o")]
    [InlineData("anthropic", "claude-haiku-4", "anthropic:claude-haiku-4-5")]
    [InlineData("openai", "claude-haiku-4-5", "anthropic:claude-haiku-4-5")]
    [InlineData("openai", "something-else-altogether", null)]
    [InlineData("openai", "m", null)]
    public void Find_UnknownModel_NamesFirst(string provider, string model, string? nearest)
    {
        var refusal = Assert.Throws<UnknownModelException>(() => PriceBook.LoadBundled().Find(new ModelKey(provider, model), Now, Now));

        Assert.Equal(nearest, refusal.Nearest is [var first, ..] ? first.ToString() : null);
    }

    [Theory]
    [InlineData("grok", "gpt-4o")]
    [InlineData("openai", "GPT-4o")]
    [InlineData("openai", "gpt-4o ")]
    [InlineData("gemini", "gemini-flash-latest")]
    public void Find_AnotherName_IsAnotherModel(string provider, string model) =>
        Assert.Throws<UnknownModelException>(() => PriceBook.LoadBundled().Find(new ModelKey(provider, model), Now, Now));

    [Fact]
    public void Find_NameOfAnyLength_IsRefused()
    {
        var refusal = Assert.Throws<UnknownModelException>(
            () => PriceBook.LoadBundled().Find(new ModelKey("openai", new string('x', 100_000)), Now, Now));

        Assert.Empty(refusal.Nearest);
    }

    [Fact]
    public void Find_ModelWithNoPriceInForce_IsRefused()
    {
        var book = new PriceBook("a test", Now, [Of(1, 1) with { EffectiveFrom = Rise }]);

        Assert.Throws<UnknownModelException>(() => book.Find(Model, Now, Rise.AddTicks(-1)));
        Assert.False(book.Contains(Model, Now));
        Assert.True(book.Contains(Model, Rise));
        Assert.Single(book.Find(Model, Now, Rise));
    }

    [Fact]
    public void Find_ExpiredBook_IsRefused()
    {
        var book = new PriceBook("a test", Now, [Of(1, 1)], expiresAt: Rise);

        Assert.Single(book.Find(Model, Rise.AddTicks(-1), Rise.AddHours(1)));
        var refusal = Assert.Throws<PricesExpiredException>(() => book.Find(Model, Rise, Rise));
        Assert.Equal(("a test", Rise), (refusal.PriceSource, refusal.ExpiredAt));
    }

    [Fact]
    public void With_OwnCards_ReplacesThoseOfTheSameModelOnly()
    {
        var own = Of(7, 7) with { Model = Argon };
        var bundled = PriceBook.LoadBundled();

        var book = bundled.With(own, Of(1, 2));

        Assert.Equal(own, Assert.Single(book.Find(Argon, Now, Rise.AddYears(1))));
        Assert.True(book.Contains(Model, Now));
        Assert.Equal(bundled.Models.Count + 1, book.Models.Count);
        Assert.Equal(2, bundled.Find(Argon, Now, Rise).Count);
    }

    [Fact]
    public void Constructor_OverlappingCards_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new PriceBook("a test", Now, [Of(1, 1), Of(2, 2)]));
        Assert.Throws<ArgumentException>(() => new PriceBook("a test", Now,
            [Of(1, 1) with { EffectiveTo = Rise.AddTicks(1) }, Of(2, 2) with { EffectiveFrom = Rise }]));
    }

    [Fact]
    public void Constructor_CardsOneAfterTheOther_AreInOrderOfTime()
    {
        var book = new PriceBook("a test", Now, [Of(2, 2) with { EffectiveFrom = Rise }, Of(1, 1) with { EffectiveTo = Rise }]);

        Assert.Equal([R(1), R(2)], book.Find(Model, Now, Rise).Select(card => card.Rates.Input));
    }

    [Fact]
    public void AgeAt_BundledPrices_CountsFromTheirDate() =>
        Assert.Equal(TimeSpan.FromDays(8), PriceBook.LoadBundled().AgeAt(Rise));

    [Fact]
    public void ModelKey_Provider_IsInLowerCase() => Assert.Equal(new ModelKey("openai", "GPT"), new ModelKey("OpenAI", "GPT"));

    [Fact]
    public void Swap_NewBook_IsInForce()
    {
        var prices = new Prices(PriceBook.LoadBundled());
        var book = new PriceBook("a test", Now, [Of(1, 1)]);

        prices.Swap(book);

        Assert.Same(book, prices.Current);
    }
}
