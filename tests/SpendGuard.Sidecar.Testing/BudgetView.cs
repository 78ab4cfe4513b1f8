using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar.Testing;

/// <summary>What the budget route tells, in microcents.</summary>
public sealed record BudgetView(
    [property: JsonPropertyName("spent_microcents")] long Spent,
    [property: JsonPropertyName("held_microcents")] long Held,
    [property: JsonPropertyName("in_flight")] int InFlight,
    [property: JsonPropertyName("overdrawn")] bool Overdrawn,
    [property: JsonPropertyName("locked_run_id")] string? LockedRunId,
    [property: JsonPropertyName("batches")] int Batches = 0);
