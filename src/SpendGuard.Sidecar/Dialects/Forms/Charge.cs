using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Pricing;

namespace SpendGuard.Sidecar.Dialects.Forms;

/// <summary>One charge of a bill, under the name that it had in the original.</summary>
/// <param name="Name">The name. Charges at different rates may share it, such as writes to caches of two lives.</param>
/// <param name="Quantity">How many units.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Rate">The rate, in cents for what its name says; exact.</param>
/// <param name="Cost">What it comes to; exact.</param>
internal sealed record Charge(string Name, long Quantity, string Unit, (string Name, decimal Cents) Rate, ExactAmount Cost)
{
    /// <summary>The charges of a bill; none where the provider stated the total. Otherwise input and output stand there even with a quantity of zero.</summary>
    public static IReadOnlyList<Charge> Of(Bill bill)
    {
        if (bill.Lines.IsEmpty)
        {
            return [];
        }

        var names = TokenNames(bill);
        return
        [
            .. names.SelectMany(named => Tokens(bill, named.Name, named.Categories)),
            .. bill.Lines.Where(line => !names.Any(named => named.Categories.Contains(line.Category))).Select(Other),
        ];
    }

    /// <summary>Whether caches cost the caller something to fill: then they go by other names than caches that fill by themselves.</summary>
    public static bool FillsCaches(Bill bill) =>
        bill.Card.Rates.CacheWrite is not null || bill.Usage.CacheWrite + bill.Usage.LongCacheWrite > 0;

    private static (string Name, UsageCategory[] Categories)[] TokenNames(Bill bill) => [.. InputNames(bill), .. OutputNames(bill)];

    private static (string Name, UsageCategory[] Categories)[] InputNames(Bill bill) =>
        bill.Usage is { CachedInput: 0, CacheWrite: 0, LongCacheWrite: 0 } ? [("input_tokens", [UsageCategory.Input])]
        : FillsCaches(bill) ?
        [
            ("input_tokens_base", [UsageCategory.Input]),
            ("input_tokens_cache_write", [UsageCategory.CacheWrite, UsageCategory.LongCacheWrite]),
            ("input_tokens_cache_read", [UsageCategory.CachedInput]),
        ]
        : [("input_tokens_uncached", [UsageCategory.Input]), ("input_tokens_cached", [UsageCategory.CachedInput])];

    private static (string Name, UsageCategory[] Categories)[] OutputNames(Bill bill) =>
        bill.Usage.ReasoningOutput == 0 ? [("output_tokens", [UsageCategory.Output])]
        : [("output_tokens_non_reasoning", [UsageCategory.Output]), ("output_tokens_reasoning", [UsageCategory.ReasoningOutput])];

    /// <summary>One charge for each rate; where there is nothing to charge, one of nothing at the rate of the card.</summary>
    private static List<Charge> Tokens(Bill bill, string name, UsageCategory[] categories)
    {
        var charges = bill.Lines.Where(line => categories.Contains(line.Category)).GroupBy(line => line.Rate)
            .Select(lines => Tokens(name, lines.Sum(line => line.Quantity), lines.Key))
            .ToList();
        return charges.Count > 0 ? charges : [Tokens(name, 0, RateOf(categories[0], bill.Card.RatesFor(bill.Usage.TotalInput)))];
    }

    private static Rate RateOf(UsageCategory category, TokenRates rates) => category switch
    {
        UsageCategory.CachedInput => rates.CachedInput ?? rates.Input,
        UsageCategory.CacheWrite => rates.CacheWrite ?? rates.Input,
        UsageCategory.Output => rates.Output,
        _ => rates.Input,
    };

    private static Charge Tokens(string name, long quantity, Rate rate) =>
        new(name, quantity, "tokens", ("cents_per_1m", rate.Microcents), rate.For(quantity));

    private static Charge Other(LineItem line) => line.Category switch
    {
        UsageCategory.GroundingQuery =>
            new("grounding_queries", line.Quantity, "queries", ("cents_per_1k", line.Rate.Microcents / 1_000), line.Cost),
        UsageCategory.WebSearch => Calls("tool_web_search_call", line),
        UsageCategory.FileSearch => Calls("tool_file_search_call", line),
        UsageCategory.AudioInput or UsageCategory.AudioOutput => Tokens(SnakeCase(line.Category), line.Quantity, line.Rate),

        // What the original had no charge for.
        var category => new(SnakeCase(category), line.Quantity, "units", ("cents_per_unit", line.Rate.Microcents / 1_000_000), line.Cost),
    };

    private static Charge Calls(string name, LineItem line) =>
        new(name, line.Quantity, "calls", ("cents_per_call", line.Rate.Microcents / 1_000_000), line.Cost);

    private static string SnakeCase(UsageCategory category) => JsonNamingPolicy.SnakeCaseLower.ConvertName(category.ToString());
}
