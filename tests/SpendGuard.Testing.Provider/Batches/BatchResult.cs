using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Batches;

/// <summary>What has become of a request of a batch.</summary>
/// <param name="Id">The caller's id of the request.</param>
/// <param name="Outcome">What it came to.</param>
internal sealed record BatchResult(string Id, BatchOutcome Outcome)
{
    /// <summary>What was generated and billed, and the answer that tells of it; both null unless it has succeeded.</summary>
    public Generation? Generation { get; init; }

    public JsonObject? Answer { get; init; }

    /// <summary>Why it is not a request that is served, if that was found out.</summary>
    public RejectedRequestException? Rejected { get; init; }
}
