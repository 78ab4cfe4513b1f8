namespace SpendGuard.Testing.Provider;

/// <summary>The provider's own price list. It shares nothing with the library's, so that either can catch the other's mistake.</summary>
public sealed class ProviderPriceTable
{
    private static readonly ProviderPrice[] BuiltIn =
    [
        new("gpt-4o", 250, 1000) { CachedInput = 125 },
        new("gpt-4o-mini", 15, 60) { CachedInput = 7.5m },
        new("gpt-5.6", 500, 3000)
        {
            CachedInput = 50,
            CacheWrite = 625,
            MaxOutputTokens = 128_000,
            LongContextFrom = 272_001,
            LongContext = new("gpt-5.6", 1000, 4500) { CachedInput = 100, CacheWrite = 1250 },
        },
        new("text-embedding-3-small", 2, 0),
        new("text-embedding-3-large", 13, 0),
        new("claude-sonnet-5", 200, 1000) { CachedInput = 20, CacheWrite = 250, CacheWriteOneHour = 400, MaxOutputTokens = 128_000 },
        new("claude-haiku-4-5", 100, 500) { CachedInput = 10, CacheWrite = 125, CacheWriteOneHour = 200, MaxOutputTokens = 64_000 },
        new("gemini-2.5-flash", 30, 250) { CachedInput = 3, MaxOutputTokens = 65_535 },
        new("gemini-embedding-001", 15, 0),
        new("gemini-3.8-flash", 150, 750) { CachedInput = 7.5m, MaxOutputTokens = 65_536 },
        new("grok-4.7", 200, 600)
        {
            CachedInput = 50,
            MaxOutputTokens = 30_000,
            LongContextFrom = 200_000,
            LongContext = new("grok-4.7", 400, 1200) { CachedInput = 100 },
        },
    ];

    private readonly Dictionary<string, ProviderPrice> _rows = new(StringComparer.Ordinal);

    /// <param name="extra">Rows to add; a row of the same model replaces the one built in.</param>
    public ProviderPriceTable(IEnumerable<ProviderPrice>? extra = null)
    {
        foreach (var row in BuiltIn.Concat(extra ?? []))
        {
            _rows[row.Model] = row;
        }
    }

    public IEnumerable<string> Models => _rows.Keys.Order(StringComparer.Ordinal);

    /// <summary>The model's row, or for a dated snapshot the row of its family (the longest name it starts with), or null.</summary>
    public ProviderPrice? Find(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return _rows.GetValueOrDefault(model)
            ?? _rows.Values
                .Where(row => model.StartsWith(row.Model + "-", StringComparison.Ordinal))
                .MaxBy(row => row.Model.Length);
    }
}
