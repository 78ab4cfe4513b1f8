using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar.Control;

/// <summary>What a dry run reserves for. All of it can be left out.</summary>
internal sealed record DryRunRequest
{
    /// <summary>Who would be called; the first provider with a key when null.</summary>
    [JsonPropertyName("provider")]
    public string? Provider { get; init; }

    /// <summary>The model; any of the provider's that has a price when null.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    [JsonPropertyName("max_tokens")]
    public long MaxTokens { get; init; } = 1;
}

/// <summary>What a dry run held for a moment and gave back.</summary>
internal sealed record DryRunBody(
    [property: JsonPropertyName("agent_id")] string AgentId,
    [property: JsonPropertyName("provider")] string Provider,
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("reservation_id")] string ReservationId,
    [property: JsonPropertyName("held_microcents")] long HeldMicrocents,
    [property: JsonPropertyName("charged_microcents")] long ChargedMicrocents,
    [property: JsonPropertyName("remaining_microcents")] long RemainingMicrocents);
