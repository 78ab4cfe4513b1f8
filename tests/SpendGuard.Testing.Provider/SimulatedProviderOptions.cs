namespace SpendGuard.Testing.Provider;

/// <summary>What is fixed when a simulated provider starts.</summary>
public sealed record SimulatedProviderOptions
{
    /// <summary>Behaviour from the first call on.</summary>
    public Behaviour Behaviour { get; init; } = Behaviour.Honest;

    /// <summary>Rows to add to the provider's price list.</summary>
    public IReadOnlyList<ProviderPrice> ExtraPrices { get; init; } = [];

    /// <summary>A file to which every arrival and every charge is appended as one JSON line, flushed at once.</summary>
    public string? JournalPath { get; init; }
}
