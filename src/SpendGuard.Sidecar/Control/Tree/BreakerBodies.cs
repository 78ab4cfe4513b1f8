using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar.Control.Tree;

/// <param name="IdenticalCalls">How many identical calls in a row of a run pause its agent; null where the node does not say.</param>
internal sealed record BreakerBody([property: JsonPropertyName("identical_calls")] int? IdenticalCalls);

/// <param name="IdenticalCalls">How many identical calls in a row of a run pause its agent, 2 or more.</param>
internal sealed record BreakerRequest([property: JsonPropertyName("identical_calls")] int IdenticalCalls);
