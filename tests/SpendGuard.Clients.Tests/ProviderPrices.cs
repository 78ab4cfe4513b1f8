namespace SpendGuard.Clients.Tests;

/// <summary>What the provider charges for the models that the programs choose, in cents a million tokens.</summary>
internal static class ProviderPrices
{
    private static readonly DateTimeOffset Doubled = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<ProviderPrice> On(DateTimeOffset day) =>
    [
        new("claude-opus-4-8", 500, 2500) { CachedInput = 50, CacheWrite = 625, CacheWriteOneHour = 1000, MaxOutputTokens = 128_000 },
        new("claude-opus-5-5", 400, 2000) { CachedInput = 20, CacheWrite = 500, CacheWriteOneHour = 800, MaxOutputTokens = 128_000 },
        new("claude-sonnet-5-5", 200, 1000) { CachedInput = 20, CacheWrite = 250, CacheWriteOneHour = 400, MaxOutputTokens = 128_000 },
        new("gpt-6.2-sol", 200, 1000) { CachedInput = 10, CacheWrite = 250, MaxOutputTokens = 128_000 },
        new("gpt-5.4-nano", 20, 125) { CachedInput = 2, MaxOutputTokens = 128_000 },
        new("gemini-3.1-pro-preview", 200, 1200) { CachedInput = 20, MaxOutputTokens = 65_536 },
        day < Doubled
            ? new("gemini-3.8-flash", 75, 375) { CachedInput = 7.5m, MaxOutputTokens = 65_536 }
            : new("gemini-3.8-flash", 150, 750) { CachedInput = 15, MaxOutputTokens = 65_536 },
        new("gemini-3.5-flash-lite", 30, 250) { CachedInput = 3, MaxOutputTokens = 65_536 },
    ];
}
