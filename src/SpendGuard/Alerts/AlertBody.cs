using System.Text.Json.Serialization;

namespace SpendGuard.Alerts;

/// <summary>An alert as it is kept and sent.</summary>
/// <param name="Type">What it tells of.</param>
/// <param name="Timestamp">When it happened, in UTC.</param>
/// <param name="Data">All else.</param>
internal sealed record AlertBody(
    [property: JsonPropertyName("type"), JsonRequired] string Type,
    [property: JsonPropertyName("timestamp"), JsonRequired] DateTime Timestamp,
    [property: JsonPropertyName("data"), JsonRequired] AlertData Data);

/// <summary>Cents are rounded as everywhere: what there is down, what is taken of it up. What is exact stands beside.</summary>
internal sealed record AlertData
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("organization_id")]
    public string? OrganizationId { get; init; }

    [JsonPropertyName("node_id")]
    public required string NodeId { get; init; }

    [JsonPropertyName("limit")]
    public string? Limit { get; init; }

    [JsonPropertyName("percent")]
    public int? Percent { get; init; }

    [JsonPropertyName("granted_cents")]
    public long? GrantedCents { get; init; }

    [JsonPropertyName("granted_microcents")]
    public long? GrantedMicrocents { get; init; }

    [JsonPropertyName("spent_cents")]
    public long? SpentCents { get; init; }

    [JsonPropertyName("spent_microcents")]
    public long? SpentMicrocents { get; init; }

    [JsonPropertyName("held_cents")]
    public long? HeldCents { get; init; }

    [JsonPropertyName("held_microcents")]
    public long? HeldMicrocents { get; init; }

    [JsonPropertyName("required_cents")]
    public long? RequiredCents { get; init; }

    [JsonPropertyName("required_microcents")]
    public long? RequiredMicrocents { get; init; }

    [JsonPropertyName("agent_id")]
    public string? AgentId { get; init; }

    [JsonPropertyName("run_id")]
    public string? RunId { get; init; }

    [JsonPropertyName("model")]
    public string? Model { get; init; }

    [JsonPropertyName("by")]
    public string? By { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    [JsonPropertyName("approval_id")]
    public string? ApprovalId { get; init; }

    /// <summary>Where people approve that; never kept, only sent.</summary>
    [JsonPropertyName("approve_url")]
    public string? ApproveUrl { get; init; }
}

/// <summary>Reads and writes alerts without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertBody))]
internal sealed partial class AlertBodyJson : JsonSerializerContext;
