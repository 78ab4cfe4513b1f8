using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>Where the results of a batch are, and how they are read.</summary>
/// <param name="Path">The path at the provider, from its base address on.</param>
internal sealed record ResultsPlace(string Path)
{
    /// <summary>
    /// Reads a result: whose it is, and what it says; null of what cannot be read. Null itself where nothing in them is billed, so that they
    /// settle nothing.
    /// </summary>
    public Func<JsonElement, (string Request, ProviderReport Report)?>? Read { get; init; }

    /// <summary>Whether there is one of each request, or only of those that were answered.</summary>
    public bool AreOfAll { get; init; }

    /// <summary>What the batch came to; null where that is not told.</summary>
    public BatchEnd? End { get; init; }
}
