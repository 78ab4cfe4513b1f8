using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Batches;

/// <summary>One batch as the provider knows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Made">The request that made it.</param>
/// <param name="Requests">Its requests, by the caller's ids.</param>
internal sealed record SimulatedBatch(string Id, SimulatedRequest Made, IReadOnlyList<(string Id, SimulatedRequest Request)> Requests)
{
    public bool IsCanceling { get; init; }

    /// <summary>What has become of its requests, in an order of the provider's own; null until it has ended.</summary>
    public IReadOnlyList<BatchResult>? Results { get; init; }

    /// <summary>What is wrong with the file of its requests, for which none of them is run.</summary>
    public IReadOnlyList<JsonObject> Faults { get; init; } = [];

    /// <summary>The files of its results, where they are in files.</summary>
    public string? OutputFileId { get; init; }

    public string? ErrorFileId { get; init; }

    /// <summary>How many requests have come to an outcome.</summary>
    public int Count(BatchOutcome outcome) => Results?.Count(result => result.Outcome == outcome) ?? 0;
}
