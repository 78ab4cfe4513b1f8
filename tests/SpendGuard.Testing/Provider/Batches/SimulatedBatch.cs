namespace SpendGuard.Testing.Provider.Batches;

/// <summary>One batch as the provider knows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Made">The request that made it.</param>
/// <param name="Requests">Its requests, by the caller's ids.</param>
internal sealed record SimulatedBatch(string Id, SimulatedRequest Made, IReadOnlyList<(string Id, SimulatedRequest Request)> Requests)
{
    public bool IsCanceling { get; init; }

    /// <summary>Its results, a line each; null until it has ended.</summary>
    public IReadOnlyList<string>? Results { get; init; }

    /// <summary>How many requests have come to each outcome.</summary>
    public IReadOnlyDictionary<BatchOutcome, int> Counts { get; init; } = new Dictionary<BatchOutcome, int>();
}
