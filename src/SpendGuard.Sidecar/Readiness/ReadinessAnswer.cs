using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar.Readiness;

/// <summary>The answer of the readiness route.</summary>
internal sealed record ReadinessAnswer(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("reasons"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Reasons,
    [property: JsonPropertyName("prices")] PriceState Prices);

/// <summary>The prices in force. A failure alone does not make the sidecar unready: the last good prices serve until they expire.</summary>
internal sealed record PriceState(
    [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("generated_at")] DateTimeOffset GeneratedAt,
    [property: JsonPropertyName("usable_until")] DateTimeOffset? UsableUntil,
    [property: JsonPropertyName("age_seconds")] long AgeSeconds,
    [property: JsonPropertyName("last_failure")] string? LastFailure);

/// <summary>Writes answers without reflection.</summary>
[JsonSerializable(typeof(ReadinessAnswer))]
internal sealed partial class ReadinessJson : JsonSerializerContext;
