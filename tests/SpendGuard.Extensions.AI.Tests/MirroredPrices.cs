using System.Collections.Immutable;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>The simulated provider's price list as a price book, so that a bill and a charge can be compared to the microcent.</summary>
internal static class MirroredPrices
{
    public static PriceBook Book(params IEnumerable<ProviderPrice> extra)
    {
        var table = new ProviderPriceTable(extra);
        return new PriceBook("the simulated provider", DateTimeOffset.UnixEpoch, table.Models.Select(model => Card(table.Find(model)!)));
    }

    /// <summary>The simulated provider serves all calls at one price: what its vendors' settings could choose costs no more there.</summary>
    private static readonly ImmutableDictionary<string, ServiceTier> OnePrice =
        ImmutableDictionary.CreateRange(((string[])["priority", "fast", "us"]).Select(tier => KeyValuePair.Create(tier, new ServiceTier(1, 1))));

    private static RateCard Card(ProviderPrice price) => new()
    {
        ServiceTiers = OnePrice,
        Model = new ModelKey(ProviderOf(price.Model), price.Model),
        Rates = Rates(price),
        ContextTiers = price.LongContext is { } dearer
            ? [new ContextTier(price.LongContextFrom, Inclusive: true, Rates(dearer))]
            : [],
        MaxInputTokens = price.LongContext is null ? 128_000 : 1_000_000,
        MaxOutputTokens = price.MaxOutputTokens,
    };

    private static TokenRates Rates(ProviderPrice price) => new()
    {
        Input = Rate.FromMicrocents(price.Input),
        Output = Rate.FromMicrocents(price.Output),
        CachedInput = Optional(price.CachedInput),
        CacheWrite = Optional(price.CacheWrite),
        LongCacheWrite = Optional(price.CacheWriteOneHour),
        ReasoningOutput = Optional(price.Reasoning),
    };

    private static Rate? Optional(decimal? microcents) => microcents is { } rate ? Rate.FromMicrocents(rate) : null;

    private static string ProviderOf(string model) => model.Split('-')[0] switch
    {
        "claude" => "anthropic",
        "gemini" => "gemini",
        "grok" => "grok",
        _ => "openai",
    };
}
