namespace SpendGuard.Testing.Provider.Incomplete;

/// <summary>What a vendor has published that it charges for a family of models, whatever a price document says or leaves out. Written down from its pages, not taken from the library.</summary>
/// <param name="Provider">Who bills.</param>
/// <param name="Family">How the names of the family's models begin.</param>
public sealed record PublishedRules(string Provider, string Family)
{
    private const long Cent = 1_000_000;

    /// <summary>What writing to the cache costs, in input rates.</summary>
    public decimal CacheWrite { get; init; } = 1;

    /// <summary>The same for the cache that lives longer.</summary>
    public decimal LongCacheWrite { get; init; } = 1;

    /// <summary>From how many input tokens on the whole call is dearer.</summary>
    public long LongContextFrom { get; init; } = long.MaxValue;

    /// <summary>Whether that is the published threshold itself, and not the first count beyond it.</summary>
    public bool TakesFromTheThreshold => Provider == "grok";

    /// <summary>How much dearer input is then.</summary>
    public decimal LongInput { get; init; } = 1;

    /// <summary>How much dearer output is then.</summary>
    public decimal LongOutput { get; init; } = 1;

    /// <summary>Whether the model is known to take that much, so that a maximum below it is wrong.</summary>
    public bool TakesLongContext { get; init; }

    /// <summary>Whether reasoning is billed beyond the output cap.</summary>
    public bool ReasonsBeyondCap { get; init; }

    /// <summary>What a search costs, in microcents.</summary>
    public long Search { get; init; } = Cent;

    /// <summary>The tiers that a setting at the vendor can choose, and what they multiply the price by.</summary>
    public IReadOnlyDictionary<string, decimal> Tiers { get; init; } = new Dictionary<string, decimal>();

    /// <summary>One family for each set of rules, and for each vendor a name that is newer than what is known.</summary>
    public static PublishedRules[] All { get; } =
    [
        new("openai", "gpt-4o") { Search = 5 * Cent, Tiers = Fast(2) },
        new("openai", "gpt-5.5") { LongContextFrom = 272_001, LongInput = 2, LongOutput = 1.5m, Tiers = Fast(2.5m) },
        new("openai", "gpt-5.6-sol") { CacheWrite = 1.25m, LongCacheWrite = 1.25m, LongContextFrom = 272_001, LongInput = 2, LongOutput = 1.5m, Tiers = Fast(2) },
        new("openai", "gpt-6.2-sol") { CacheWrite = 1.25m, LongCacheWrite = 2.5m, LongContextFrom = 272_001, LongInput = 2, LongOutput = 1.5m, Tiers = Fast(2) },
        new("openai", "gpt-next")
        {
            CacheWrite = 1.25m, LongCacheWrite = 2.5m, LongContextFrom = 272_001, LongInput = 2, LongOutput = 1.5m, Search = 5 * Cent / 2, Tiers = Fast(2.5m),
        },
        new("anthropic", "claude-opus-5-5") { CacheWrite = 1.25m, LongCacheWrite = 2, Tiers = InRegion },
        new("anthropic", "claude-next") { CacheWrite = 1.25m, LongCacheWrite = 2, Tiers = InRegion },
        new("anthropic", "claude-haiku-5-5") { CacheWrite = 1.25m, LongCacheWrite = 2, LongContextFrom = 100_001, LongInput = 5, LongOutput = 5, Tiers = InRegion },
        new("anthropic", "claude-sonnet-4-5")
        {
            CacheWrite = 1.25m, LongCacheWrite = 2, LongContextFrom = 200_001, LongInput = 2, LongOutput = 1.5m, TakesLongContext = true,
        },
        new("gemini", "gemini-2.5-flash") { Search = 7 * Cent / 2 },
        new("gemini", "gemini-3.1-pro") { Search = 7 * Cent / 5, LongContextFrom = 200_001, LongInput = 2, LongOutput = 1.5m, TakesLongContext = true },
        new("grok", "grok-3"),
        new("grok", "grok-3-mini") { ReasonsBeyondCap = true },
        new("grok", "grok-4") { ReasonsBeyondCap = true, LongContextFrom = 128_000, LongInput = 2, LongOutput = 2 },
        new("grok", "grok-4.7") { ReasonsBeyondCap = true, LongContextFrom = 200_000, LongInput = 2, LongOutput = 2 },
        new("grok", "grok-next") { ReasonsBeyondCap = true, LongContextFrom = 128_000, LongInput = 2, LongOutput = 2 },
    ];

    private static IReadOnlyDictionary<string, decimal> InRegion => new Dictionary<string, decimal> { ["us"] = 1.1m };

    private static Dictionary<string, decimal> Fast(decimal factor) => new() { ["priority"] = factor };
}
