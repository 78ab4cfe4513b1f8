namespace SpendGuard.Pricing.Import;

/// <summary>One row of a price map, whatever the map's format: what it states of a model, before anything of it is judged.</summary>
internal sealed record PublishedModel
{
    public required ModelKey Model { get; init; }

    public required PublishedRates Rates { get; init; }

    /// <summary>Rates above a number of input tokens.</summary>
    public IReadOnlyDictionary<long, PublishedRates> ContextTiers { get; init; } = new Dictionary<long, PublishedRates>();

    /// <summary>Rates of a service tier, below every threshold (0) and above one.</summary>
    public IReadOnlyDictionary<(string Tier, long Threshold), PublishedRates> ServiceTiers { get; init; } =
        new Dictionary<(string, long), PublishedRates>();

    /// <summary>What multiplies the price of the whole call at a service tier or in a region.</summary>
    public IReadOnlyDictionary<string, decimal> Factors { get; init; } = new Dictionary<string, decimal>(StringComparer.Ordinal);

    public decimal? CentsPerSearch { get; init; }

    public decimal? CentsPerFileSearch { get; init; }

    public long? MaxInputTokens { get; init; }

    public long? MaxOutputTokens { get; init; }

    /// <summary>Whether the map lists it as an embedding model.</summary>
    public bool Embedding { get; init; }

    /// <summary>Whether the model reasons; null when the map does not say.</summary>
    public bool? Reasons { get; init; }
}
