using CsCheck;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using static SpendGuard.Tests.Pricing.Cards;

namespace SpendGuard.Tests.Billing;

/// <summary>Which price ends a call, as a table: a card is told by its input rate.</summary>
public sealed class ServedPricesTests
{
    private const string Asked = "gpt-4o-mini";

    private static readonly Dictionary<string, decimal> Known = new(StringComparer.Ordinal) { ["gpt-4o-mini-2024-07-18"] = 15, ["gpt-4o"] = 250, ["gpt-3"] = 1 };

    /// <param name="own">Whether the asked model's card is the application's own.</param>
    /// <param name="set">Whether the application has set the model.</param>
    /// <param name="served">The model that the answer names.</param>
    /// <param name="rates">The input rates of the cards that price it; null where nothing does. The asked model's is 100.</param>
    [Theory]
    [InlineData(false, false, null, 100)]
    [InlineData(false, false, "", 100)]
    [InlineData(false, false, "gpt-4o-mini", 100)]
    [InlineData(false, false, "gpt-4o-mini-2024-07-18", 15)]
    [InlineData(false, false, "gpt-4o-mini-2099-01-01", 100)]
    [InlineData(false, false, "openai/gpt-4o-mini", 100)]
    [InlineData(false, false, "gpt-4o", 250)]
    [InlineData(false, false, "gpt-4o-mini-pro", null)]
    [InlineData(false, false, "gpt-4-0613", null)]
    [InlineData(true, false, "gpt-4o-mini-2024-07-18", 100)]
    [InlineData(true, false, "gpt-4o", 100)]
    [InlineData(true, false, "gpt-4-0613", 100)]
    [InlineData(true, false, "own", 7)]
    [InlineData(false, true, "gpt-4o-mini-2024-07-18", 100)]
    [InlineData(false, true, "gpt-4o", 100, 250)]
    [InlineData(false, true, "gpt-3", 100, 1)]
    [InlineData(false, true, "gpt-4-0613", 100)]
    [InlineData(false, true, "own", 7)]
    [InlineData(true, true, "gpt-4o", 100)]
    [InlineData(false, false, "own", 7)]
    public void Of_ServedModel_IsPricedBy(bool own, bool set, string? served, params int[]? rates) =>
        Assert.Equal(rates, Prices(own, set).Of(served)?.Select(card => (int)card.Rates.Input.Microcents));

    /// <summary>A run within a call need not be of the model that serves it, so a price of one's own for that one is no price for the run.</summary>
    [Theory]
    [InlineData(true, false, "gpt-4o", 100, 250)]
    [InlineData(true, false, "gpt-4o-mini-2024-07-18", 100)]
    [InlineData(true, false, "own", 7)]
    [InlineData(false, false, "gpt-4o", 250)]
    [InlineData(false, false, "gpt-4-0613", null)]
    public void OfRun_OfAnotherModel_IsPricedBy(bool own, bool set, string served, params int[]? rates) =>
        Assert.Equal(rates, Prices(own, set).OfRun(served)?.Select(card => (int)card.Rates.Input.Microcents));

    /// <summary>Under an own card, or a model that is set, no name of that model makes a bill that the hold does not cover.</summary>
    [Fact]
    public void Bill_OwnCardAndAnySnapshot_IsWithinTheHold()
    {
        string[] snapshots = ["", "-2024-07-18", "-20250929", "-0613", "-latest", "-preview-05-20", "-001", "@20240101"];
        var rates = Gen.Int[1, 4_000].Select(eighths => eighths / 8m).Array[2];
        var tokens = Gen.Long[0, 10_000];
        Gen.Select(rates, rates, Gen.Int[0, snapshots.Length - 1], Gen.Bool, Gen.Select(tokens, tokens), Gen.Select(tokens, tokens)).Sample(
            (own, bundled, snapshot, isOwn, bound, beyond) =>
            {
                var card = Of(own[0], own[1]);
                var prices = new ServedPrices(Asked, [card], _ => [Of(bundled[0], bundled[1])], _ => false) { AskedIsOwn = isOwn, AskedIsSet = !isOwn };
                var usage = new Usage { Input = Math.Max(0, bound.Item1 - beyond.Item1), Output = 1 + Math.Max(0, bound.Item2 - beyond.Item2) };
                var hold = WorstCase.Of(new CallShape { InputBound = bound.Item1 }, [card]).At(bound.Item2 + 1);

                var end = CallEnd.Of(new ProviderReport { Usage = usage, Model = Asked + snapshots[snapshot] }, prices, askedTier: null, residencyFactor: 1);

                var bill = Assert.IsType<CallEnd.Settled>(end).Bill;
                Assert.True(bill.Total <= hold, $"{bill.Total} is charged, and {hold} held.");
                Assert.Equal(Bill.For(usage, card).Total, bill.Total);
            });
    }

    private static ServedPrices Prices(bool own, bool set) => new(
        Asked,
        [Of(100, 100)],
        model => model == "own" ? [Of(7, 7)] : Known.TryGetValue(model, out var rate) ? [Of(rate, rate)] : [],
        model => model == "own")
    {
        AskedIsOwn = own,
        AskedIsSet = set,
    };
}
